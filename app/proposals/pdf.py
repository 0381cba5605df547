"""Whether a PDF can be opened: its header, its end, and whether it asks for a password. Pure.

It reads as tolerantly as readers do. The chapters are those of ISO 32000-1.
"""

import hashlib
import re
import struct
from collections.abc import Mapping
from enum import Enum

HEADER, HEADER_WITHIN, END_WITHIN = b"%PDF-", 1024, 2048  # bytes
DICTIONARY = 16_384  # bytes of a trailer or an encryption dictionary; real ones have a few hundred
PADDING = bytes.fromhex(  # of every password, also of the empty one (7.6.3.3)
    "28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a"
)

_START = re.compile(rb"startxref\s+(\d{1,10})")
_ENCRYPT = re.compile(rb"/Encrypt\s*(?:(\d{1,10})\s+(\d{1,5})\s+R\b|<<)")
_OBJECT = re.compile(rb"\s*\d{1,10}\s+\d{1,5}\s+obj\b")
_TOKEN = re.compile(rb"/([^\s/<>()\[\]]*)|(\()|<([0-9A-Fa-f\s]*)>|([+-]?\d{1,12}|true|false)")
_PIECE = re.compile(rb"\\([0-7]{1,3})|\\(\r\n|.)|([()])|([^\\()]+)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_LINE_ENDS = {b"\n": b"", b"\r": b"", b"\r\n": b""}  # after a backslash they don't count


class Password(Enum):
    """Whether a PDF opens without a password."""

    NONE = "none"
    ASKED = "asked"
    UNKNOWN = "unknown"


def has_header(content: bytes) -> bool:
    """Return whether it begins as a PDF, perhaps after a few bytes of a mail or a printer."""
    return HEADER in content[: HEADER_WITHIN + len(HEADER)]


def has_end(content: bytes) -> bool:
    """Return whether its end is there; an interrupted upload lacks it."""
    tail = content.rstrip(b"\0\t\r\n ")[-END_WITHIN:]
    return b"%%EOF" in tail or b"startxref" in tail


def password_of(content: bytes) -> Password:
    """Return whether it asks for a password. One that only restricts printing does not ask."""
    trailer = _trailer(content)
    encrypt = _ENCRYPT.search(trailer)
    if encrypt is None:
        return Password.NONE
    entries, file_id = _entries(_dictionary(encrypt, trailer, content)), _entries(trailer).get("ID")
    try:
        opens = _opens_with_empty(entries, file_id or b"")
    except (KeyError, TypeError, ValueError):  # written in a way that we don't know
        return Password.UNKNOWN
    if opens is None:
        return Password.UNKNOWN
    return Password.NONE if opens else Password.ASKED


def _trailer(content: bytes) -> bytes:
    """Return what holds the trailer dictionary (7.5.5), or that of a cross-reference stream."""
    for place in _starts(content):
        if content.startswith(b"xref", place):
            return _region(content, content.find(b"trailer", place), b"startxref")
        if _OBJECT.match(content, place):
            return _region(content, place, b"stream")
    if (last := content.rfind(b"trailer")) >= 0:
        return _region(content, last, b"startxref")
    stream = content.rfind(b"/XRef")
    return _region(content, content.rfind(b"obj", 0, stream), b"stream") if stream >= 0 else b""


def _starts(content: bytes) -> list[int]:
    """Return where the last cross-reference may stand, counted from the file or its header."""
    found = _START.findall(content[-END_WITHIN:])
    header = content.find(HEADER, 0, HEADER_WITHIN + len(HEADER))
    return [int(found[-1]) + shift for shift in (max(header, 0), 0)] if found else []


def _region(content: bytes, begin: int, end: bytes) -> bytes:
    """Return what stands from `begin` up to `end`, if it is not too long for a dictionary."""
    if begin < 0:
        return b""
    return content[begin : begin + DICTIONARY].split(end, 1)[0]


def _dictionary(encrypt: re.Match[bytes], trailer: bytes, content: bytes) -> bytes:
    """Return the encryption dictionary: in the trailer itself, or the object that it names."""
    number, generation = encrypt.groups()
    if number is None:
        return trailer[encrypt.end() :]
    pattern = rb"(?<!\d)" + number + rb"\s+" + generation + rb"\s+obj\b"
    places = [found.end() for found in re.finditer(pattern, content)]
    return _region(content, places[-1], b"endobj") if places else b""


def _entries(text: bytes) -> dict[str, bytes]:
    """Return the first text, number or name that follows each name of a dictionary."""
    entries: dict[str, bytes] = {}
    name, place = "", 0
    while token := _TOKEN.search(text, place):
        named, opened, hexadecimal, plain = token.groups()
        place = token.end()
        if opened:
            value, place = _text(text, place)
        elif hexadecimal is not None:
            digits = b"".join(hexadecimal.split())
            value = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
        else:
            value = plain if named is None else named
        entries.setdefault(name, value)
        name = named.decode("latin-1") if named is not None else name
    return entries


def _text(text: bytes, place: int) -> tuple[bytes, int]:
    """Return the text whose bracket was opened before `place`, and where it ends (7.3.4.2)."""
    found, depth = bytearray(), 1
    for piece in _PIECE.finditer(text, place):
        octal, escaped, bracket, plain = piece.groups()
        depth += {b"(": 1, b")": -1}.get(bracket, 0)
        if not depth:
            return bytes(found), piece.end()
        if octal:
            found.append(int(octal, 8) & 0xFF)
        else:
            found += (_ESCAPES | _LINE_ENDS).get(escaped, escaped) or bracket or plain or b""
    return bytes(found), len(text)


def _opens_with_empty(entries: Mapping[str, bytes], file_id: bytes) -> bool | None:
    """Return whether the empty password opens it, None if we can't tell (7.6.3.4)."""
    if entries["Filter"] != b"Standard":
        return None
    user, revision = entries["U"], int(entries["R"])
    if revision in {2, 3, 4}:
        key = _key(entries, revision, file_id)
        if revision == 2:  # noqa: PLR2004 -- the revisions' own numbers
            return _rc4(key, PADDING) == user[:32]
        check = _md5(PADDING + file_id)
        for turn in range(20):
            check = _rc4(bytes(byte ^ turn for byte in key), check)
        return check == user[:16]
    if revision == 5:  # noqa: PLR2004 -- of Adobe's extension, level 3
        return hashlib.sha256(user[32:40]).digest() == user[:32]
    return None  # the newest need AES


def _key(entries: Mapping[str, bytes], revision: int, file_id: bytes) -> bytes:
    """Return the key that the empty password gives (algorithm 2)."""
    permissions = struct.pack("<I", int(entries["P"]) & 0xFFFFFFFF)
    hides_all = revision < 4 or entries.get("EncryptMetadata") != b"false"  # noqa: PLR2004 -- as above
    rest = b"" if hides_all else b"\xff" * 4
    stated = int(entries.get("Length", b"40")) // 8
    length = {1: 5, 4: 16}.get(int(entries["V"])) or min(max(stated, 5), 16)
    key = _md5(PADDING + entries["O"][:32] + permissions + file_id + rest)
    for _ in range(50 if revision > 2 else 0):  # noqa: PLR2004 -- as above
        key = _md5(key[:length])
    return key[:length]


def _md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()


def _rc4(key: bytes, content: bytes) -> bytes:
    state, there = list(range(256)), 0
    for here in range(256):
        there = (there + state[here] + key[here % len(key)]) % 256
        state[here], state[there] = state[there], state[here]
    here, there, written = 0, 0, bytearray()
    for byte in content:
        here = (here + 1) % 256
        there = (there + state[here]) % 256
        state[here], state[there] = state[there], state[here]
        written.append(byte ^ state[(state[here] + state[there]) % 256])
    return bytes(written)
