"""What the log and the page tell of a failure: its number and place, and nothing of people."""

import re
import traceback

import pytest
import sqlalchemy as sa

from app.accounts.models import OneUseLink, Person
from app.database import db, transaction
from app.failures import told
from tests.conftest import E

SECRET = "RAHASIA-7391"


@pytest.fixture
def app(make_app):
    app = make_app("draft")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.mark.field("faults 18")
def test_a_failure_is_logged_once_with_the_number_that_the_page_shows(
    app, browse, monkeypatch, caplog
):
    def fail(edition):
        return 1 / 0

    monkeypatch.setitem(app.view_functions, "gallery.edition", fail)
    answer = browse(app).get(E)
    assert answer.status_code == 500
    number = re.search(r"Nomor gangguan[^:]*: ([0-9a-f]{8})", answer.text)[1]
    failures = [record for record in caplog.records if "ZeroDivisionError" in record.getMessage()]
    assert [number in record.getMessage() for record in failures] == [True]
    assert "GET /editions/<edition>" in failures[0].getMessage()


@pytest.mark.field("security F23")
@pytest.mark.parametrize("path", ["/links/{}", "/feeds/{}.ics", "/invitations/1-1-{}"])
def test_the_log_of_a_failure_holds_no_token(app, browse, monkeypatch, caplog, path):
    def fail(**_values):
        raise RuntimeError("broken")

    for endpoint in ("accounts.one_use_link", "calendars.personal", "replies.invitation"):
        monkeypatch.setitem(app.view_functions, endpoint, fail)
    assert browse(app).get(path.format(SECRET)).status_code == 500
    assert "broken" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.field("security F23")
@pytest.mark.parametrize(
    "statement",
    [
        sa.insert(OneUseLink).values(person_id=1, token_hash=SECRET, kind="invitation"),
        sa.update(Person).values(email=SECRET),
        sa.select(sa.literal(SECRET).op("no such operator")(1)),
    ],
)
def test_no_error_of_the_database_tells_a_value_to_the_log(app, statement):
    with app.app_context(), transaction(writing=True):
        with pytest.raises(sa.exc.DBAPIError) as raised:
            db.session.execute(statement.execution_options(synchronize_session=False))
        assert "Error" in told(raised.value)
        assert SECRET not in told(raised.value)


@pytest.mark.field("security F23")
def test_the_lines_in_which_postgresql_names_values_are_left_out():
    detail = f"new row violates check\nDETAIL:  Failing row contains (1, {SECRET})."
    error = RuntimeError(detail)
    assert SECRET in "".join(traceback.format_exception(error))  # the negative control
    assert "new row violates check" in told(error)
    assert SECRET not in told(error)
