"""The forms of papers: making them, attaching copies, and how an edition wants them."""

from collections.abc import Sequence

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField

from app.editions.kinds import SheetSize
from app.mail.letters import letter_text
from app.papers.kinds import PaperKind
from app.papers.models import Signatory
from app.papers.usual import closing_of, opening_of
from app.papers.wording import NUMBER_PLACES, TEXT_PLACES, USUAL_NUMBER
from app.web.fields import REQUIRED, Form, block, line, person_line
from app.web.language import LANGUAGES


class MakeForm(Form):
    """In which language papers are made."""

    language = SelectField(lazy_gettext("Language"), choices=list(LANGUAGES.items()))


class CopyForm(Form):
    """A scan of the signed paper, or the PDF that was signed electronically."""

    file = FileField(lazy_gettext("PDF, at most 10 MB"), validators=[FileRequired(REQUIRED)])


class StationeryForm(Form):
    """What papers are printed on, where they are signed, and the emblem."""

    size = SelectField(
        lazy_gettext("Paper size"),
        choices=[(own.value, lazy_gettext(own.label)) for own in SheetSize],
    )
    place = line(lazy_gettext("Place of signing"), 100, required=False)
    emblem = FileField(
        lazy_gettext("Emblem (PNG or JPEG, at most 5 MB)"),
        description=lazy_gettext("It stands above the letterhead. Without a file it stays as is."),
    )


class SignatoryForm(Form):
    """Who signs, and the letterhead above it."""

    capacity = line(
        lazy_gettext("Signs as"), 200, description=lazy_gettext("For example: Bupati Luwu Utara")
    )
    name = person_line(lazy_gettext("Name"))
    rank = line(lazy_gettext("Rank, if it is printed"), 100, required=False)
    nip = line(lazy_gettext("NIP, if it is printed"), 32, required=False)
    head = block(
        lazy_gettext("Letterhead"),
        500,
        description=lazy_gettext("A line each, the widest first: government, then office."),
    )
    address = line(lazy_gettext("Address below the letterhead"), 300, required=False)
    has_emblem = BooleanField(lazy_gettext("With the emblem"), default=True)


def rule_form(kind: PaperKind, signatories: Sequence[Signatory]) -> type[Form]:
    """Return the form of how a kind of paper is made, with what it can have."""

    class RuleForm(Form):
        """Who signs a kind of paper, its number, wording and copies."""

    if kind.is_signed:
        RuleForm.signatory = SelectField(
            lazy_gettext("Signed by"),
            choices=[
                ("", lazy_gettext("nobody yet: a line to sign on")),
                *((str(own.id), f"{own.capacity}: {own.name}") for own in signatories),
            ],
        )
    if kind.is_numbered:
        RuleForm.code = line(
            lazy_gettext("Code within the number"), 60, required=False, description=kind.prefix
        )
        RuleForm.pattern = line(
            lazy_gettext("Number"),
            120,
            required=False,
            description=lazy_gettext(
                "Usual: %(usual)s. These can be filled in: %(places)s",
                usual=USUAL_NUMBER,
                places=", ".join(f"{{{name}}}" for name in NUMBER_PLACES),
            ),
        )
    for part, label, usual in (
        ("opening", lazy_gettext("First paragraph"), opening_of(kind)),
        ("opening_en", lazy_gettext("First paragraph of documents in English"), opening_of(kind)),
        ("closing", lazy_gettext("Last paragraph"), closing_of(kind)),
        ("closing_en", lazy_gettext("Last paragraph of documents in English"), closing_of(kind)),
    ):
        if usual:
            setattr(RuleForm, part, _wording(label, usual, part))
    if kind.is_signed:
        RuleForm.copies = block(
            lazy_gettext("Copies to (tembusan)"), 1000, description=lazy_gettext("A line each.")
        )
    return RuleForm


def _wording(label: object, usual: str, part: str) -> object:
    """Return the field of a paragraph, which says how it is usually worded in its language."""
    is_english = part.endswith("_en")
    told = usual if is_english else letter_text("id", usual)
    if part.startswith("closing"):
        hint = lazy_gettext("Usual: %(usual)s", usual=told)
    else:
        places = ", ".join(f"{{{name}}}" for name in TEXT_PLACES)
        hint = lazy_gettext(
            "Usual: %(usual)s These can be filled in: %(places)s", usual=told, places=places
        )
    return block(label, 2000, description=hint)
