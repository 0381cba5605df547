"""PDF documents, set by typst from our own templates: the same bytes for the same data. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).parents[2] / "templates" / "pdf"


def typeset(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return `templates/pdf/{template}.typ` as a PDF dated `at`.

    Texts reach the template as data and never as markup; it reads no file but the templates, and
    no fonts but typst's own, so that every machine sets the same pages.
    """
    return typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
