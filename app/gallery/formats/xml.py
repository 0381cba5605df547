"""XML documents from nested elements: clean text, UTF-8. Pure."""

import re
from xml.etree import ElementTree as ET

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML 1.0


def element(kind: str, /, *within: ET.Element | str, **attributes: str) -> ET.Element:
    """Return an element with these texts and elements in it."""
    made = ET.Element(kind, {key: _clean(value) for key, value in attributes.items()})
    for part in within:
        if isinstance(part, str):
            made.text = _clean(part)
        else:
            made.append(part)
    return made


def document(root: ET.Element) -> bytes:
    """Return the document of an element."""
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _clean(text: str) -> str:
    return ILLEGAL.sub("", text)
