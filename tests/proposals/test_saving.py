"""A draft is saved field by field: one that is not right yet keeps no other from being saved."""

import pytest

from app.database import transaction
from tests.clients import form_of, send
from tests.factories import the_proposal
from tests.proposals.writing import draft_of, save

HTMX = {"HX-Request": "true"}
TEXT = "section_4"
NOT_YET = [
    ("title", "x" * 201, "paling banyak 200 karakter"),
    ("title", "Z" + "\u0300" * 9, "lebih dari 8 tanda pada satu huruf"),
    ("started_on", "0017-05-01", "Periksa tahunnya"),
    ("started_on", "31-12-2018", "Tanggal tidak sah"),
    ("video_url", "javascript:alert(1)", "https://"),
    ("category_id", "9999", "Pilihan tidak sah"),
    ("section_5", "x" * 50_001, "paling banyak 50000 karakter"),
    ("section_5", "مر" * 600, "lebih dari 1000 karakter tanpa spasi"),
]


def text_of(app, number: int, name: str) -> str:
    with app.app_context(), transaction(writing=False):
        return the_proposal(number).text_of(int(name.removeprefix("section_")))


@pytest.mark.field("cases 5", "security F27")
@pytest.mark.parametrize(("field", "value", "message"), NOT_YET)
def test_what_is_not_right_yet_keeps_nothing_else_from_being_saved_by_itself(
    app, author, number, place, field, value, message
):
    before = draft_of(author, place)
    typed = before | {TEXT: "Ditulis kemudian.", field: value}
    answer = author.post(f"{place}/draft", typed, headers=HTMX)
    assert answer.status_code == 200
    assert "Tersimpan, kecuali:" in answer.text
    assert message in answer.text
    after = draft_of(author, place)
    assert text_of(app, number, TEXT) == after[TEXT] == "Ditulis kemudian."
    assert after.get(field) == before.get(field)

    mended = typed | {field: before[field], "version": after["version"]}
    answer = author.post(f"{place}/draft", mended, headers=HTMX)
    assert "kecuali" not in answer.text


@pytest.mark.field("cases 5")
def test_the_button_saves_the_rest_too_says_so_and_keeps_what_was_typed(app, author, number, place):
    wrong = {"video_url": "besok", "started_on": "0017-05-01", TEXT: "Ditulis kemudian."}
    answer = save(author, place, wrong)
    assert answer.status_code == 422
    assert "Tersimpan, kecuali:" in answer.text
    assert "Isian lainnya sudah tersimpan" in answer.text
    assert text_of(app, number, TEXT) == "Ditulis kemudian."
    form = form_of(answer, "/draft")
    assert (form["video_url"].value, form["started_on"].value) == ("besok", "0017-05-01")
    form["video_url"], form["started_on"] = "https://video.example/3", "2018-01-01"
    assert send(form).status_code == 302


@pytest.mark.field("cases 5")
def test_an_address_of_a_video_without_a_scheme_is_saved_with_one(app, author, number, place):
    assert save(author, place, {"video_url": "youtu.be/abc123"}).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert the_proposal(number).video_url == "https://youtu.be/abc123"


@pytest.mark.field("cases 6")
@pytest.mark.parametrize("sign", ["\v", "\u2028", "\f", "\x85"])
def test_a_text_from_a_slide_is_saved_with_its_lines(app, author, number, place, sign):
    changes = {TEXT: f"Baris satu{sign}baris dua", "title": f"Judul{sign}panjang\u202e"}
    assert author.post(f"{place}/draft", draft_of(author, place) | changes, HTMX).status_code == 200
    assert text_of(app, number, TEXT) == "Baris satu\nbaris dua"
    with app.app_context(), transaction(writing=False):
        assert the_proposal(number).title == "Judul panjang"


@pytest.mark.field("security F17")
@pytest.mark.parametrize("title", ["\u3164", "\u200b\u2060", "\u200d"])
def test_a_title_that_nobody_sees_is_none(app, author, number, place, title):
    save(author, place, {"title": title})
    with app.app_context(), transaction(writing=False):
        assert the_proposal(number).title == ""


def test_a_form_that_lacks_fields_empties_none(app, author, number, place):
    before = draft_of(author, place)
    author.post(f"{place}/draft", {"title": "Judul saja", "version": before["version"]})
    after = draft_of(author, place)
    assert after["title"] == "Judul saja"
    assert after[TEXT] == before[TEXT]
    assert after["started_on"] == before["started_on"]


def test_what_was_overtaken_is_not_called_saved(author, place):
    stale = draft_of(author, place)
    save(author, place, stale | {TEXT: "Di tab lain."})
    answer = author.post(f"{place}/draft", stale | {TEXT: "Di sini."}, headers=HTMX)
    assert answer.status_code == 409
    [bar] = answer.html.select("#state")
    assert "Belum tersimpan: diubah di tempat lain" in bar.text
    assert bar.a["href"] == f"#{TEXT}"
    assert "Tersimpan " not in bar.text
