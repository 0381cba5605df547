"""How often one may try: strangers can't lock anybody out, nor can those who sign in rightly."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts.actions import forget_expired
from app.accounts.models import OneUseLink, SignIn, Throttle
from app.accounts.throttle import LETTERS_EACH, TRIES_ADDRESS, TRIES_EACH, try_again
from app.database import db, transaction
from app.demo.moments import PASSWORD
from app.mail.models import Letter
from tests.cast import address, judge, other_judge

HOME, SAME_OFFICE, ELSEWHERE = "203.0.113.5", "203.0.113.77", "198.51.100.9"


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def email(app) -> str:
    return address(app, judge)


def sign_in(browser, email: str, password: str, *, place: str = HOME) -> int:
    """Sign in at this address of the network; return the answer's status."""
    browser.client.extra_environ["REMOTE_ADDR"] = place
    return browser.fill("/sign-in", email=email, password=password).status_code


def counted(app, tries: int) -> None:
    """Let this many tries stand at every count there is."""
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Throttle).values(tries=tries))


def letters(app) -> int:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(sa.select(sa.func.count()).select_from(Letter))


@pytest.mark.field("security F7")
def test_tries_elsewhere_lock_nobody_out_at_home(app, browse, email):
    stranger = browse(app)
    assert sign_in(stranger, email, "wrong password", place=ELSEWHERE) == 422
    counted(app, TRIES_EACH)
    assert sign_in(stranger, email, PASSWORD, place=ELSEWHERE) == 429
    assert sign_in(browse(app), email, PASSWORD) == 302


@pytest.mark.field("security F7")
@pytest.mark.parametrize(
    ("one", "near", "far"),
    [
        (HOME, SAME_OFFICE, ELSEWHERE),
        ("2001:db8:1:200::1", "2001:db8:1:2ff:9::7", "2001:db8:1:300::1"),
        ("::ffff:203.0.113.5", SAME_OFFICE, "::ffff:198.51.100.9"),
        ("", "unix:", ELSEWHERE),
    ],
)
def test_addresses_of_one_network_count_together(app, browse, email, one, near, far):
    sign_in(browse(app), email, "wrong password", place=one)
    with app.app_context(), transaction(writing=True):
        each = sa.update(Throttle).where(Throttle.key.contains(" from "))
        own = each.where(~Throttle.key.startswith("sign-in from"))
        db.session.execute(own.values(tries=TRIES_EACH))
    assert sign_in(browse(app), email, PASSWORD, place=near) == 429
    assert sign_in(browse(app), email, PASSWORD, place=far) == 302


@pytest.mark.field("security F7")
def test_a_browser_that_knows_the_account_is_locked_out_by_nobody_else(app, browse, email):
    own = browse(app)
    assert sign_in(own, email, PASSWORD) == 302
    own.fill("/my-work", "/sign-out")
    sign_in(browse(app), email, "wrong password")
    counted(app, TRIES_ADDRESS)  # for the account everywhere, and for everybody at this address
    assert sign_in(browse(app), email, PASSWORD) == 429
    assert sign_in(own, email, PASSWORD) == 302


@pytest.mark.field("security F7")
def test_a_browser_that_knows_the_account_may_not_try_for_ever(app, browse, email):
    own = browse(app)
    sign_in(own, email, PASSWORD)
    own.fill("/my-work", "/sign-out")
    assert sign_in(own, email, "wrong password") == 422
    counted(app, TRIES_EACH)
    assert sign_in(own, email, PASSWORD) == 429


@pytest.mark.field("security F7")
def test_what_a_browser_claims_to_know_must_be_signed(app, browse, email):
    own = browse(app)
    sign_in(own, email, PASSWORD)
    known = next(each for each in own.client.cookiejar if each.name == "known")
    assert email not in known.value
    # The first character: of the last one, two bits mean nothing in base64.
    known.value = ("A" if known.value[0] != "A" else "B") + known.value[1:]
    own.fill("/my-work", "/sign-out")
    sign_in(browse(app), email, "wrong password")
    counted(app, TRIES_ADDRESS)
    assert sign_in(own, email, PASSWORD) == 429


@pytest.mark.field("security F7", "faults 10")
def test_who_signs_in_rightly_does_not_use_up_the_tries_of_an_address(app, browse, email):
    sign_in(browse(app), email, "wrong password")
    counted(app, TRIES_ADDRESS - 1)
    with app.app_context(), transaction(writing=True):
        narrow = sa.delete(Throttle).where(~Throttle.key.startswith("sign-in from"))
        db.session.execute(narrow)
    for who in (email, address(app, other_judge), email):
        assert sign_in(browse(app), who, PASSWORD) == 302
    assert sign_in(browse(app), "nobody@kab.example", "wrong password") == 422
    assert sign_in(browse(app), address(app, "sekretariat"), PASSWORD) == 429


@pytest.mark.field("security F7")
def test_letters_asked_for_elsewhere_stop_none_at_home(app, browse, email):
    stranger, owner = browse(app), browse(app)
    stranger.client.extra_environ["REMOTE_ADDR"] = ELSEWHERE
    owner.client.extra_environ["REMOTE_ADDR"] = HOME
    before, texts = letters(app), set()
    for _ in range(LETTERS_EACH + 1):
        texts.add(stranger.fill("/password-reset", email=email).text.partition("<main")[2])
    assert letters(app) == before + LETTERS_EACH
    assert len(texts) == 1
    owner.fill("/password-reset", email=email)
    assert letters(app) == before + LETTERS_EACH + 1


@pytest.mark.field("faults 20", "security polish")
def test_the_worker_forgets_what_has_ended_and_keeps_the_rest(app, browse, email):
    signed_in = browse(app, email)
    browse(app).fill("/password-reset", email=email)
    now = clock.real_now()
    with app.app_context(), transaction(writing=True):
        try_again("over", limit=1, now=now - timedelta(hours=1))
        ended = {"expires_at": now - timedelta(minutes=1), "token_hash": "over"}
        person_id = sa.select(SignIn.person_id).limit(1).scalar_subquery()
        values = ended | {"person_id": person_id, "created_at": now}
        db.session.execute(sa.insert(SignIn).values(**values, browser=""))
        db.session.execute(sa.insert(OneUseLink).values(**values, kind="invitation"))
    runner = app.test_cli_runner()
    assert runner.invoke(args=["worker", "--once"]).exit_code == 0
    with app.app_context(), transaction(writing=False):
        for table in (SignIn.token_hash, OneUseLink.token_hash, Throttle.key):
            kept = db.session.scalars(sa.select(table)).all()
            assert "over" not in kept
            assert kept
    assert signed_in.get("/my-work").status_code == 200


def test_forgetting_asks_for_a_time(app):
    with app.app_context(), transaction(writing=True):
        try_again("soon", limit=1, now=clock.real_now())
        forget_expired(now=clock.real_now())
        assert db.session.scalar(sa.select(Throttle.tries).where(Throttle.key == "soon")) == 1
