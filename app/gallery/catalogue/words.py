"""The words by which innovations are found: without accents, and with their Indonesian stems.

“Pelayanan”, “melayani” and “layanan” have the stem “layan” (Snowball's Indonesian stemmer, after
F. Tala, 2003). Both databases are given these words and split nothing themselves, so both find the
same. Pure.
"""

import re
import unicodedata
from functools import lru_cache
from threading import Lock

import snowballstemmer

WORD = re.compile(r"[^\W_]+")
LONGEST, MOST = 40, 12  # letters of a word, words of a question
_stemmer = snowballstemmer.stemmer("indonesian")
_stemming = Lock()  # a stemmer holds the word that it works on


def folded(text: str) -> list[str]:
    """Return the words of a text in small letters without accents, in their order."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word[:LONGEST] for word in WORD.findall(bare)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a folded word."""
    with _stemming:
        return str(_stemmer.stemWord(word))


def indexed(text: str) -> str:
    """Return each word of a text and its stem once, between spaces."""
    words = folded(text)
    return " ".join(dict.fromkeys(form for word in words for form in (word, stem(word))))


def asked(text: str) -> list[tuple[str, str]]:
    """Return the words that somebody looks for, each with its stem."""
    return [(word, stem(word)) for word in folded(text)[:MOST]]
