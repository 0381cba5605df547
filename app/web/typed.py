"""What people type or paste: made clean, and bounded. Pure.

What nobody can see is removed, for nobody could find it: it comes along with a text from a slide,
a web page or a telephone. What can be seen, but not be set on a page, is refused in words.
"""

import re
import unicodedata

from app.web.table_reader.table import folded
from app.workflow import N_, DomainError

MOST_MARKS, LONGEST_RUN = 8, 1000  # combining marks on one character; characters without a space
QUOTED = 20  # characters of a word that is refused

_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_EMPTY_LINES = re.compile(r"\n(?:[^\S\n]*\n){3,}")
# Control characters but tab and newline; soft hyphens; marks, embeddings and isolates of direction;
# spaces without width; invisible operators, annotations and tags; halves of characters. The joiners
# U+200C and U+200D stay: Persian, Lontara and emoji are written with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_SEEN = re.compile(
    "[^\\s\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_FILLER = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")  # letters that look like a space
_HOST_FIRST = re.compile(r"(?://)?(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#].*)?", re.IGNORECASE)

_TOO_MANY_MARKS = N_("“%(word)s…” has more than %(count)s accents on one letter. Enter it again.")
_TOO_LONG_RUN = N_("“%(word)s…” has more than %(count)s characters without a space. Add spaces.")


def clean_text(value: str | None) -> str:
    """Return a text of several lines as it is kept: stripped, in NFC, without what can't be seen.

    Each kind of line end becomes a newline, and more than two empty lines become two. A text of
    nothing but characters without an appearance is empty.
    """
    text = value or ""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _EMPTY_LINES.sub("\n\n\n", _UNSEEN.sub("", _LINE_END.sub("\n", text))).strip()
    if not _SEEN.search(text):
        return ""
    # Sorting heaped marks takes the square of their number, and `fault_of` refuses them anyway.
    return text if _first_heaped(text) else unicodedata.normalize("NFC", text)


def clean_line(value: str | None) -> str:
    """Return a text of one line as it is kept: as `clean_text`, each white space a single space."""
    return " ".join(_FILLER.sub(" ", clean_text(value)).split())


def clean_address(value: str | None) -> str:
    """Return the address of a web page, with https:// before one that begins with its host."""
    address = clean_line(value)
    is_bare = _HOST_FIRST.fullmatch(address)
    return f"https://{address.removeprefix('//')}" if is_bare else address


def likeness(text: str) -> str:
    """Return what texts share that differ only in case, spaces, punctuation or what is unseen."""
    shown = _SEEN.findall(folded(text))
    return "".join(mark for mark in shown if unicodedata.category(mark)[0] not in "PZ")


def fault_of(text: str) -> DomainError | None:
    """Return why a clean text can't be kept, None if it can.

    Heaps of combining marks and words without an end take a typesetter's memory.
    """
    if heaped := _first_heaped(text):
        return DomainError(_TOO_MANY_MARKS, word=heaped[:QUOTED], count=MOST_MARKS)
    if endless := next((word for word in text.split() if len(word) > LONGEST_RUN), None):
        return DomainError(_TOO_LONG_RUN, word=endless[:QUOTED], count=LONGEST_RUN)
    return None


def _first_heaped(text: str) -> str | None:
    """Return the first word with more marks on one character than any script needs."""
    return None if text.isascii() else next(filter(_is_heaped, text.split()), None)


def _is_heaped(word: str) -> bool:
    marks = 0
    for character in word:
        category = unicodedata.category(character)
        if category.startswith("M"):
            marks += 1
        elif category != "Cf":  # a joiner doesn't end the heap
            marks = 0
        if marks > MOST_MARKS:
            return True
    return False
