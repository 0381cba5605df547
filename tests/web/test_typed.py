"""What people type or paste: clean and bounded alike in every field of every form."""

from collections.abc import Iterator

import pytest
from flask_wtf import FlaskForm
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, HiddenField, PasswordField, StringField, TextAreaField

from app.awards.forms import publication_form
from app.database import transaction
from app.editions.forms import window_form
from app.editions.kinds import SheetKind, Stage
from app.editions.list_forms import ROWS, list_form
from app.evaluation.forms import sheet_form
from app.proposals.forms import extension_form, proposal_form
from app.screening.forms import checklist_form, decision_form, rule_form
from app.web.fields import Form, HundredthsField, form_text
from app.web.typed import clean_address, clean_line, clean_text, fault_of
from app.workflow import DomainError
from tests.factories import the_edition

ENDS = ("\r\n", "\r", "\n", "\v", "\f", "\x85", "\u2028", "\u2029")
UNSEEN = "\0\x07\x1f\x7f\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff"
FILLERS = "\u3164\u115f\u1160\uffa0"
TAGS = "\U000e0001\U000e0041\U000e007f"
HEAPED = "Z" + "\u0300" * 9
ENDLESS = "x" * 1001
ENGLISH = {"Cookie": "language=en"}


@pytest.mark.field("cases 6")
@pytest.mark.parametrize("end", ENDS)
def test_each_kind_of_line_end_is_a_line_end(end):
    text = f"Baris satu{end}baris dua"
    assert clean_text(text) == "Baris satu\nbaris dua"
    assert clean_line(text) == "Baris satu baris dua"


@pytest.mark.field("cases 6", "security F17")
@pytest.mark.parametrize("sign", [*UNSEEN, *TAGS, "\ud800"])
def test_what_nobody_can_see_is_removed(sign):
    assert clean_text(f"{sign}Ru{sign}mah{sign}") == clean_line(f"{sign}Ru{sign}mah") == "Rumah"


@pytest.mark.field("security F17", "security F21")
@pytest.mark.parametrize(
    "sign", [*UNSEEN, *FILLERS, "\u200c", "\u200d", "\ufe0f", "\u2800", "\xa0"]
)
def test_a_text_of_nothing_to_be_seen_is_empty(sign):
    assert clean_text(sign * 3) == clean_line(f" {sign}\n{sign} ") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Rumah “Sehat” – ½ ≥ ☑ H₂O",
        "می\u200cخواهم",
        "ᨕᨅᨗ ᨒᨘᨓᨘ",
        "👩\u200d⚕\ufe0f",
        "kolom\tkolom",
        "satu\n\n\ndua",
        "harga\xa0pas",
    ],
)
def test_what_belongs_to_a_text_stays(text):
    assert clean_text(text) == text
    assert fault_of(text) is None


def test_one_line_has_single_spaces_and_a_letter_has_one_form():
    assert clean_line(f" a\t b\xa0\u3000c{FILLERS}d\u2003 ") == "a b c d"
    assert clean_text("Jose\u0301") == clean_line("Jose\u0301") == "José"
    assert clean_text("a" + "\n \n" * 30 + "b") == "a\n\n\nb"
    assert clean_text(None) == clean_line(None) == ""


@pytest.mark.field("security F27", "security F28")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Z" + "\u0300" * 49_000, "more than 8 accents"),
        ("Z" + "\u0300\u200d" * 20_000, "more than 8 accents"),
        ("Z" + "\u0300\u0316" * 20_000, "more than 8 accents"),
        ("مر" * 25_000, "more than 1000 characters"),
        ("👩\u200d" * 25_000, "more than 1000 characters"),
        ("a\xad" * 25_000, "more than 1000 characters"),
    ],
)
def test_what_no_document_can_set_is_refused_with_the_word_it_begins_with(text, said):
    text = clean_text(f"Kata {text} kata")
    fault = fault_of(text)
    message = fault.message % fault.values
    assert said in message
    assert message.startswith(f"“{text[5:25]}…”")


@pytest.mark.field("security F27", "security F28")
def test_the_bounds_themselves_are_allowed():
    assert fault_of("Z" + "\u0300" * 8 + " " + "x" * 1000) is None
    assert fault_of(HEAPED) is not None
    assert fault_of(ENDLESS) is not None


@pytest.mark.field("cases 5")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("youtu.be/abc123", "https://youtu.be/abc123"),
        (" www.youtube.com/watch?v=a ", "https://www.youtube.com/watch?v=a"),
        ("//video.example:8443/3", "https://video.example:8443/3"),
        ("http://youtu.be/a", "http://youtu.be/a"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("orang@dinas.go.id", "orang@dinas.go.id"),
        ("besok", "besok"),
        ("", ""),
    ],
)
def test_an_address_that_begins_with_its_host_gets_its_scheme(typed, kept):
    assert clean_address(typed) == kept


@given(
    st.text(alphabet=st.one_of(st.characters(), st.sampled_from([*ENDS[1:], *UNSEEN, *FILLERS])))
)
@settings(max_examples=200, deadline=None)
def test_what_is_clean_stays_as_it_is(text):
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def forms(app) -> list[type[Form]]:
    """Every form of the application; those of an edition are made for the one of the case."""
    with app.app_context(), app.test_request_context(), transaction(writing=False):
        edition = the_edition()
        makers = (publication_form, extension_form, proposal_form, checklist_form, decision_form)
        made = [maker(edition) for maker in (*makers, rule_form)]
        made += [window_form(Stage.SUBMISSION, edition.zone), *map(list_form, ROWS)]
        made += [sheet_form(edition.criteria_of(kind)) for kind in SheetKind]
        return [*all_of(Form), *made]


def all_of(form: type) -> set[type]:
    return {form}.union(*(all_of(each) for each in form.__subclasses__()))


def text_fields(form: type[Form], typed: str) -> Iterator[StringField]:
    """The fields of a form in which people write, with what somebody typed."""
    names = [field.name for field in form(formdata=None, meta={"csrf": False})]
    filled = form(formdata=MultiDict(dict.fromkeys(names, typed)), meta={"csrf": False})
    for field in filled:
        is_other = isinstance(field, HiddenField | PasswordField | HundredthsField)
        if isinstance(field, StringField) and not is_other:
            yield field


@pytest.mark.field("cases 6", "security F17")
def test_every_text_field_of_every_form_makes_it_clean_alike(app, forms):
    wrong, seen = [], set()
    with app.test_request_context(headers=ENGLISH):
        for form in forms:
            for field in text_fields(form, "satu\vdua\u2028ti\u202e\u200bga\0"):
                seen.add(type(field))
                lines = " " if not isinstance(field, TextAreaField) else "\n"
                if field.data != lines.join(("satu", "dua", "tiga")):
                    wrong.append((form.__name__, field.name, field.data))
    assert wrong == []
    assert seen == {StringField, TextAreaField, EmailField}


@pytest.mark.field("security F27", "security F28")
@pytest.mark.parametrize(
    ("typed", "said"), [(HEAPED, "more than 8 accents"), (ENDLESS, "Add spaces.")]
)
def test_every_text_field_of_every_form_refuses_what_can_not_be_kept(app, forms, typed, said):
    wrong = []
    with app.test_request_context(headers=ENGLISH):
        for form in forms:
            for field in text_fields(form, typed):
                field.validate(form)
                if said not in " ".join(map(str, field.errors)):
                    wrong.append((form.__name__, field.name, field.errors))
    assert wrong == []


def test_no_form_of_ours_is_without_this():
    own = [form for form in FlaskForm.__subclasses__() if form.__module__.startswith("app.")]
    assert own == [Form]


@pytest.mark.field("cases 6", "security F17", "security F21")
def test_a_text_without_a_form_of_ours_is_made_clean_and_refused_alike(app):
    with app.test_request_context(
        data={"reason": "satu\vdua\u2028ti\u202e\u200bga\0"}, method="POST"
    ):
        assert form_text("reason") == "satu\ndua\ntiga"
    for typed in (HEAPED, ENDLESS):
        sent = app.test_request_context(data={"reason": typed}, method="POST")
        with sent, pytest.raises(DomainError):
            form_text("reason")
