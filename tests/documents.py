"""What a PDF document says, read back without a library: each of its fonts maps glyphs to text."""

import re
import zlib
from contextlib import suppress

STREAM = re.compile(rb"(\d+) 0 obj\s(?:(?!endobj).)*?stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
PAGE = re.compile(rb"/Type/Page/Resources (\d+) 0 R.*?/Contents (\d+) 0 R")
FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")
OBJECT = rb"\n%s 0 obj\s(.*?)\sendobj"
PAIR = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
PLAIN = rb"(?:\\.|[^\\()])*"  # a string may hold a pair of parentheses without escapes
STRING = rb"\((%s(?:\(%s\)%s)*)\)" % (PLAIN, PLAIN, PLAIN)
SET = re.compile(rb"/(f\d+) [\d.]+ Tf|" + STRING + rb"|(?<!<)<([0-9A-F]+)>|(ET)", re.DOTALL)
ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """The text of the pages, one line for each piece that was set."""
    streams = {number: _unpacked(body) for number, body in STREAM.findall(pdf)}

    def glyphs(font: bytes) -> dict[bytes, bytes]:
        return dict(PAIR.findall(streams[UNICODE.search(_object(font, pdf))[1]]))

    text = ""
    for resources, content in PAGE.findall(pdf):
        named = FONT.findall(_object(resources, pdf))
        fonts = {name: glyphs(number) for name, number in named}
        text += _said(streams[content], fonts)
    return text


def _object(number: bytes, pdf: bytes) -> bytes:
    return re.search(OBJECT % number, pdf, re.DOTALL)[1]


def _unpacked(body: bytes) -> bytes:
    with suppress(zlib.error):
        return zlib.decompressobj().decompress(body)  # its last byte may look like a line break
    return body


def _said(page: bytes, fonts: dict[bytes, dict[bytes, bytes]]) -> str:
    text, glyphs = "", {}
    for font, string, digits, end in SET.findall(page):
        if font:
            glyphs = fonts[font]
        elif end:
            text += "\n"
        codes = digits or ESCAPE.sub(_unescaped, string).hex().upper().encode()
        for place in range(0, len(codes), 4):
            mapped = glyphs.get(codes[place : place + 4], b"")
            text += bytes.fromhex(mapped.decode()).decode("utf-16-be")
    return text


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8)]) if len(code) > 1 or code.isdigit() else LETTERS.get(code, code)
