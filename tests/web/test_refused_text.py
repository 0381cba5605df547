"""What people typed is shown again where it was refused, and browsers are told what to forget."""

from datetime import timedelta

import pytest

from app import clock
from app.demo.moments import PASSWORD, WINDOWS
from app.editions.kinds import SheetKind, Stage
from tests import cast
from tests.cast import ask, author_of, judge, other_screener, screener
from tests.clients import Browser, Page, fields_of, names_of, send
from tests.conftest import E
from tests.factories import bar

TEXT = "Warga mengantre\ndi loket & <b>menunggu</b>"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def place(app) -> str:
    """Where a draft is written."""
    return f"{E}/proposals/{ask(app, cast.drafts)[0]}/draft"


@pytest.fixture
def author(app, browse) -> Browser:
    return browse(app, author_of(ask(app, cast.drafts)[0]))


def typed_on(page: Page) -> dict[str, str]:
    """What a page shows as typed: the texts by their labels."""
    found = {}
    for field in page.html.select("#typed .ds-field"):
        text = field.textarea.text.removeprefix("\n").replace("\r\n", "\n")
        found[field.label.text] = text
    return found


def facts(page: Page) -> dict[str, str]:
    """What a page tells the script that keeps what is typed."""
    return {name: page.html.body[f"data-{name}"] for name in ("reader", "taken", "status")}


def written(author: Browser, place: str):
    """The form of a draft in which a title and a section are written."""
    form = author.form(place, place)
    form["title"], form[names_of(form, "section_")[-1]] = "Judul baru", TEXT
    return form


def close_submission() -> None:
    clock.shift(WINDOWS[Stage.SUBMISSION][1] + timedelta(hours=1) - clock.real_now())


@pytest.mark.field("cases 8")
def test_a_draft_saved_after_the_deadline_is_shown_as_typed(author, place):
    form = written(author, place)
    close_submission()
    answer = send(form)
    assert answer.status_code == 409
    assert typed_on(answer)["Judul"] == "Judul baru"
    assert TEXT in typed_on(answer).values()
    assert "<b>" not in answer.text
    assert facts(answer)["taken"] == ""


@pytest.mark.field("cases 8")
def test_a_refusal_after_writing_leads_back_to_the_form(author, place):
    form = written(author, place)
    close_submission()
    answer = send(
        form, headers={"Referer": f"http://{author.client.extra_environ['HTTP_HOST']}{place}"}
    )
    assert answer.html.find("a", string="Kembali ke halaman sebelumnya")["href"] == place


def test_a_save_by_itself_is_refused_in_few_words(author, place):
    form = written(author, place)
    close_submission()
    answer = send(form, headers=HTMX)
    assert answer.status_code == 409
    assert "Judul baru" not in answer.text


@pytest.mark.field("cases 8")
def test_who_is_barred_while_they_write_gets_back_what_they_wrote(make_app, browse):
    app = make_app("scoring")
    number = ask(app, cast.unscored(SheetKind.PRESENTATION))[0]
    form = browse(app, judge).form(f"{E}/proposals/{number}/sheets/presentation", "/presentation")
    note = names_of(form, "note_")[0]
    form["comment"], form[note], form[note.replace("note", "score")] = TEXT, "Baik", "87,5"
    bar(app, judge, number)
    answer = send(form)
    assert answer.status_code in {403, 404}
    assert typed_on(answer) == {"Nilai 0–100": "87,5", "Catatan": "Baik", "Catatan umum": TEXT}


@pytest.mark.field("cases 8")
def test_a_reason_on_a_plain_form_is_shown_again(make_app, browse):
    app = make_app("scoring")
    number = ask(app, cast.scored(SheetKind.PRESENTATION))[0]
    chair = browse(app, cast.chair)
    path = f"{E}/proposals/{number}/reopening"
    form = chair.form(path)
    form["reason"] = TEXT
    assert send(form).status_code == 302
    answer = send(form)  # the sheet is open already
    assert answer.status_code == 409
    assert typed_on(answer) == {"Alasan": TEXT}


@pytest.mark.field("cases 8")
def test_after_the_session_ended_a_browser_without_scripts_shows_what_was_typed(author, place):
    form = written(author, place)
    author.cookie = ""
    answer = send(form)
    assert answer.status_code == 401
    assert TEXT in typed_on(answer).values()
    assert answer.html.find("a", class_="ds-button")["href"].startswith("/sign-in?next=")


@pytest.mark.field("cases 8")
def test_after_the_session_ended_a_browser_that_keeps_what_was_typed_may_sign_in(author, place):
    form = written(author, place)
    author.cookie = ""
    values = fields_of(form) | {"kept": f"{place}#draft-form"}
    answer = author.client.post(place, values, expect_errors=True)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.field("cases 8")
def test_a_password_is_never_shown_again(author):
    form = author.form("/profile", "/profile/password")
    form["present"] = form["password"] = form["again"] = f"{PASSWORD} in words"
    author.cookie = ""
    answer = send(form)
    assert answer.status_code == 302
    assert PASSWORD not in answer.text


@pytest.mark.field("cases 8")
def test_what_was_chosen_but_not_written_is_not_shown_as_typed(author):
    author.cookie = ""
    answer = author.client.post(f"{E}/proposals/5/draft", {"proposal": "5"}, expect_errors=True)
    assert answer.status_code == 302


@pytest.mark.field("faults 3", "cases 8")
def test_the_page_after_a_save_names_the_form_that_was_taken_once(author, place):
    kept = f"{place}#draft-form"
    fields = fields_of(written(author, place))
    assert author.post(place, fields | {"kept": kept}).status_code == 302
    assert facts(author.get(place))["taken"] == kept
    assert facts(author.get(place))["taken"] == ""


@pytest.mark.parametrize("kept", ["", "//evil example", "x", "/" + "x" * 300, '/a" onload="b'])
def test_an_address_that_is_none_is_never_repeated(author, place, kept):
    fields = fields_of(written(author, place))
    assert author.post(place, fields | {"kept": kept}).status_code == 302
    assert facts(author.get(place))["taken"] == ""


@pytest.mark.field("faults 3")
def test_the_same_save_sent_again_is_no_change_elsewhere(author, place):
    fields = fields_of(written(author, place))
    assert author.post(place, fields, headers=HTMX).status_code == 200
    again = author.post(place, fields, headers=HTMX)
    assert again.status_code == 200
    version = again.html.find("input", {"name": "version"})["value"]
    more = fields | {"title": "Judul terbaru", "version": version}
    assert author.post(place, more, headers=HTMX).status_code == 200


@pytest.mark.field("security F32")
def test_a_page_tells_readers_apart_without_saying_who_they_are(make_app, browse):
    app = make_app("screening")
    first, second, stranger = browse(app, screener), browse(app, other_screener), browse(app)
    readers = [facts(each.get(E))["reader"] for each in (first, second, stranger)]
    assert len(set(readers)) == 3
    assert readers[2] == ""
    assert [len(reader) for reader in readers[:2]] == [16, 16]
    assert facts(browse(app, screener).get("/my-work"))["reader"] == readers[0]


@pytest.mark.field("security F32")
@pytest.mark.parametrize("path", ["/sign-out", "/profile/sessions"])
def test_who_signs_out_leaves_nothing_on_the_device(author, path):
    author.post(path)
    assert facts(author.get("/")) == {"reader": "", "taken": "*", "status": "200"}


def test_a_page_says_with_which_status_it_came(author):
    assert facts(author.get("/nowhere"))["status"] == "404"
