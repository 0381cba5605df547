"""Dates in words and months in Roman numerals, as official documents write them. Pure."""

from datetime import date

from babel.dates import format_date

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_ID = [
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
]
_EN = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def roman_month(day: date) -> str:
    """Return the month as a Roman numeral, as numbers of Indonesian letters have it."""
    return ROMAN[day.month - 1]


def date_in_words(day: date, language: str) -> str:
    """Write a day with its name, number, month and year in words."""
    name = format_date(day, "EEEE", locale=language)
    month = format_date(day, "LLLL", locale=language)
    if language == "id":
        number, year = indonesian(day.day), indonesian(day.year)
        return f"{name} tanggal {number} bulan {month} tahun {year}"
    return f"{name}, the {ordinal(day.day)} of {month}, {english(day.year)}"


def indonesian(number: int) -> str:
    """Write a number from 0 to 9,999 in Indonesian words."""
    if number < len(_ID):
        return _ID[number]
    for size, word, one in ((1000, "ribu", "seribu"), (100, "ratus", "seratus")):
        if number >= size:
            many, rest = divmod(number, size)
            return _joined(one if many == 1 else f"{_ID[many]} {word}", rest)
    tens, rest = divmod(number, 10)
    return f"{_ID[rest]} belas" if tens == 1 else _joined(f"{_ID[tens]} puluh", rest)


def english(number: int) -> str:
    """Write a number from 0 to 9,999 in English words."""
    if number < len(_EN):
        return _EN[number]
    if number < 100:  # noqa: PLR2004 -- a hundred
        tens, rest = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_EN[rest]}" if rest else "")
    size, word = (1000, "thousand") if number >= 1000 else (100, "hundred")  # noqa: PLR2004 -- a thousand
    many, rest = divmod(number, size)
    join = " and " if rest < 100 else " "  # noqa: PLR2004 -- a hundred
    return f"{_EN[many]} {word}" + (f"{join}{english(rest)}" if rest else "")


def ordinal(number: int) -> str:
    """Write which one of 1 to 99 in English words: “twenty-first”."""
    before, hyphen, last = english(number).rpartition("-")
    if last.endswith("y"):
        return f"{before}{hyphen}{last[:-1]}ieth"
    return before + hyphen + _ORDINALS.get(last, f"{last}th")


def _joined(begun: str, rest: int) -> str:
    return f"{begun} {indonesian(rest)}" if rest else begun
