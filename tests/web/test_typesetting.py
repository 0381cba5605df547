"""Documents whose text typst can't set: a sentence, and a server that goes on."""

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.proposals.models import Proposal, Submission
from app.web.typesetting import NO_FONT, PRINT_INSTEAD, Order, Unsettable, typeset, typeset_all
from tests.cast import author_of
from tests.conftest import E

PLACE = f"{E}/proposals/1/submissions/1"
MARKS = "Z" + "\u0300" * 49_000
SYLLABLES = "مر" * 25_000
SENTENCE = "Saat ini tanda terima tidak dapat dijadikan PDF"
CONTENT = "isinya yang persis sama dapat diunduh sebagai JSON"
AT = datetime(2019, 9, 1, tzinfo=UTC)
RECEIPT = {
    "language": "id",
    "title": "Tanda terima",
    "heading": "Tanda terima",
    "edition": "KIPP",
    "code": "P-001",
    "facts": [["Diterima", "1 September 2019"]],
    "digest": "0" * 64,
    "digest_label": "Sidik",
    "note": "",
}


def receipt_of(text: str) -> bytes:
    return typeset("receipt", RECEIPT | {"parts": [["Ringkasan", text]]}, at=AT)


def set_or_refused(text: str) -> bytes:
    """The receipt, or the words of its refusal."""
    try:
        return receipt_of(text)
    except Unsettable as refusal:
        return refusal.message.encode()


def submit(engine: sa.Engine, text: str) -> None:
    """Let the first proposal have said this, which no form takes any more."""
    first = sa.select(Proposal.id).where(Proposal.number == 1).scalar_subquery()
    with engine.begin() as connection:
        said = sa.select(Submission.content).where(Submission.proposal_id == first)
        content = json.loads(connection.scalars(said).one())
        content["sections"] = dict.fromkeys(content["sections"], "kata") | {"4": text}
        changed = sa.update(Submission).where(Submission.proposal_id == first)
        connection.execute(changed.values(content=json.dumps(content)))


@pytest.fixture
def app(make_app) -> Flask:
    return make_app("screening")


@pytest.mark.field("security F27", "security F28")
@pytest.mark.parametrize("text", [MARKS, SYLLABLES], ids=["marks", "syllables"])
def test_what_can_not_be_set_is_said_and_can_be_taken_out_otherwise(app, browse, text):
    with app.app_context():
        submit(db.engine, text)
    author = browse(app, author_of(1))
    answer = author.get(f"{PLACE}.pdf")
    assert answer.status_code == 422
    assert SENTENCE in answer.text
    assert CONTENT in answer.text
    assert text in json.loads(author.get(f"{PLACE}.json").body)["sections"].values()


@pytest.mark.field("security F28")
def test_a_real_server_loses_no_worker(live):
    server = live("screening", lambda engine: submit(engine, SYLLABLES), workers=1)
    cookie = {"Cookie": f"session={server.identity(author_of(1)).cookie}"}
    request = urllib.request.Request(f"{server.base}{PLACE}.pdf", headers=cookie)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    assert refused.value.code == 422
    assert SENTENCE in refused.value.read().decode()
    with urllib.request.urlopen(server.base, timeout=60) as answer:
        assert answer.status == 200
    log = (server.data / "server.log").read_text("utf-8")
    assert log.count("Booting worker") == 1


@pytest.mark.field("security F27", "security F28")
@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧" * 5000,
        "\u00ad" * 50_000,
        "\u202e" * 50_000,
        "A" * 50_000,
        "\u200d" * 50_000,
        "\ud800",
    ],
    ids=["families", "soft hyphens", "overrides", "one word", "joiners", "half a character"],
)
def test_other_odd_texts_are_set_or_refused_in_words(text):
    assert set_or_refused(text).startswith((b"%PDF-", PRINT_INSTEAD.encode()))


def test_many_ordinary_words_are_set():
    assert receipt_of("inovasi pelayanan " * 8000).startswith(b"%PDF-")


def test_the_same_data_give_the_same_bytes():
    assert receipt_of("inovasi") == receipt_of("inovasi")
    assert receipt_of("inovasi") != receipt_of("Inovasi")


SCRIPTS = (
    "José ½ ≥ ☑ ✓ → H₂O · ᨕᨅ ᨒᨘᨓᨘ · ꦲꦏ꧀ꦱꦫ · ᬅᬓ᭄ᬱᬭ · ᮃᮊ᮪ᮞᮛ · ᯀᯂ᯲ᯘᯒ"
    "مرحبا · 日本 你好 한국 · 😀 · Привет Ελλάδα"
)


@pytest.mark.field("cases 19")
def test_every_script_that_our_fonts_have_is_set():
    assert receipt_of(SCRIPTS).startswith(b"%PDF-")


@pytest.mark.field("cases 19")
def test_a_letter_in_no_font_is_named_and_never_a_box():
    with pytest.raises(Unsettable) as refused:
        receipt_of("Rumah 𓀀 kita")
    assert refused.value.message % refused.value.values == NO_FONT % {"letters": "𓀀"}


def test_of_several_the_one_that_can_not_be_set_costs_itself():
    def order(text: str) -> Order:
        return Order("receipt", RECEIPT | {"parts": [["Ringkasan", text]]}, AT)

    done = typeset_all([order("satu"), order("Rumah 𓀀"), order(MARKS), order("dua")])
    assert [type(each) for each in done] == [bytes, Unsettable, Unsettable, bytes]
    assert done[0] == receipt_of("satu")
    assert done[3] == receipt_of("dua")
