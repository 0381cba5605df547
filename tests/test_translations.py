"""Indonesian is complete, and no template shows a text that can't be translated."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.lexer import TOKEN_DATA

from app import create_app  # noqa: F401 -- every enumeration is defined by now
from app.workflow import Labelled

ROOT = Path(__file__).parent.parent
PLURALS = {"ngettext": (1, 2), "NN_": (1, 2)}
KEYWORDS = PLURALS | {"_": None, "gettext": None, "N_": None, "lazy_gettext": None}
METHODS = [("app/**.py", "python"), ("templates/**.html", "jinja2")]
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
SHOWN_ALIKE = {
    "Google",
    "Outlook",
    "Outlook.com",
    "Office 365",
    "Ajang",
    "Ajang ·",
    "NIP",
    ".ics",
    "SHA-256:",
    "·",
    "–",
    "– Ajang",
}


def extracted() -> set[str]:
    found = extract_from_dir(str(ROOT), METHODS, keywords=KEYWORDS)
    return {message[0] if isinstance(message, tuple) else message for _, _, message, *_ in found}


def catalogue() -> dict[str, str]:
    with (ROOT / "app/translations/id/LC_MESSAGES/messages.po").open("rb") as source:
        messages = [message for message in read_po(source) if message.id and not message.fuzzy]
    return {
        (m.id[0] if isinstance(m.id, tuple) else m.id): (
            m.string[0] if isinstance(m.string, tuple) else m.string
        )
        for m in messages
    }


def test_every_message_has_its_indonesian():
    translated = {message for message, text in catalogue().items() if text}
    assert extracted() - translated == set()


def test_every_member_of_a_labelled_enumeration_has_its_label():
    kinds = Labelled.__subclasses__()
    assert len(kinds) > 10
    assert [member for kind in kinds for member in kind if not member.label] == []


def test_the_catalogue_holds_nothing_that_is_not_used():
    assert set(catalogue()) - extracted() == set()


def test_every_translation_has_the_placeholders_of_its_message():
    wrong = {
        message
        for message, text in catalogue().items()
        if set(PLACEHOLDER.findall(message)) != set(PLACEHOLDER.findall(text))
    }
    assert wrong == set()


OF_ONE = (
    r"agrees|asks|becomes|begins|chairs|closes|differs|gives|goes|has|is|its|less|says|shows|was"
)
OF_PARTS = r"points|cases"  # points are said with two decimals, cases are of 100
SAID_OF_A_NUMBER = re.compile(rf"%\(\w+\)s (?:of )?(?:[\w-]+ )?(?!(?:{OF_ONE}|{OF_PARTS})\b)\w+s\b")
ALWAYS_MANY = {
    "%(count)s of %(limit)s words",
    "%(done)s of %(all)s answers complete",
    (
        "%(used)s of files have been attached to this proposal within a day, including replaced "
        "ones; the limit is %(limit)s. Files already attached are kept. Try again tomorrow, or ask "
        "the organiser."
    ),
    # habits are seen in five presentations, and competitions drawn by thousands
    *(
        f"%(name)s is known to be recused from some, and gives the {end} total in %(times)s of "
        "%(all)s others."
        for end in ("lowest", "highest")
    ),
    (
        "Method: %(draws)s competitions are drawn that could have given these sheets (points = "
        "proposal + judge + chance; starting number %(seed)s), and the places in them are counted. "
        "An interval holds nine of ten of them."
    ),
    "Each judge hears %(fewest)s to %(most)s presentations.",
    "%(count)s forms contain text that is not saved: %(titles)s. Sign out and lose it?",
    # limits of ours, all above one
    "A line needs a name of at most %(most)s characters.",
    "A judging team can have at most %(count)s members.",
    "A proposal has at most %(count)s authors.",
    "At most %(count)s files can be attached here.",
    "Enter 1 to %(count)s minutes, or as many less than 0 to bring forward.",
    "More than %(count)s entries match. Narrow what you look for, such as to a day.",
    "More than %(count)s innovations",
    "These are %(count)s lines; at most %(most)s can be read at once.",
    "Use at most %(count)s characters.",
    (
        "You already have %(count)s drafts, which is the most you can have. Submit one, or delete "
        "one on its page."
    ),
    "You are already waiting for %(count)s slots. Leave one queue first.",
    "“%(section)s” has %(count)s words; the limit is %(limit)s.",
    "“%(word)s…” has more than %(count)s accents on one letter. Enter it again.",
    "“%(word)s…” has more than %(count)s characters without a space. Add spaces.",
}


def single() -> set[str]:
    """The messages that have one form, whatever they count."""
    found = extract_from_dir(str(ROOT), METHODS, keywords={"_": None, "gettext": None, "N_": None})
    return {message for _, _, message, *_ in found if isinstance(message, str)}


def test_what_is_said_of_many_has_a_form_for_one():
    of_many = {text for text in single() if SAID_OF_A_NUMBER.search(text)}
    assert of_many - ALWAYS_MANY == set()


def shown(template: str) -> set[str]:
    """The text between the tags of a template, outside any expression."""
    source = re.sub(r"{#.*?#}", "", template, flags=re.DOTALL)
    tokens = Environment().lexer.tokeniter(source, None)
    data = "".join(value if kind == TOKEN_DATA else "\0" for _, kind, value in tokens)
    texts = re.findall(r">([^<>]*)<", re.sub(r"<!doctype[^>]*>", "", data))
    pieces = {piece.strip() for text in texts for piece in text.split("\0")}
    return {piece for piece in pieces if re.search(r"[A-Za-z]", piece)}


def test_no_template_shows_an_untranslatable_text():
    found = {
        (path.name, text)
        for path in (ROOT / "templates").rglob("*.html")
        for text in shown(path.read_text("utf-8"))
        if text not in SHOWN_ALIKE
    }
    assert found == set()


def test_the_check_above_would_find_one():
    assert shown("<p>Hello {{ name }}</p><p>{{ _('Hello') }}</p>") == {"Hello"}
