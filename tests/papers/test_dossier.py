"""The regent's dossier: what it says of how sure the result is."""

import pytest

from app.papers.kinds import PaperKind
from tests.conftest import E
from tests.papers.making import made, set_all, work


@pytest.fixture
def app(make_app):
    return make_app("published")


def told(app) -> str:
    (dossier,) = made(app, PaperKind.DOSSIER)
    set_all([dossier])
    blocks = dossier.content["blocks"]
    return "\n".join(line for block in blocks for line in [block.get("text", ""), *items(block)])


def items(block) -> list[str]:
    return block.get("items", [])


def rings(app) -> set[str]:
    """The codes of those that stand on the scale as too close to the line."""
    (dossier,) = made(app, PaperKind.DOSSIER)
    (scale,) = (block for block in dossier.content["blocks"] if block["block"] == "scale")
    return {point["label"].split()[1] for point in scale["points"] if not point["is_sure"]}


def test_it_tells_the_chances_of_those_too_close_to_the_line_once_they_are_computed(app, browse):
    assert "belum dihitung" in told(app)
    assert rings(app) == set()
    organiser = browse(app, "sekretariat")
    organiser.post(f"{E}/ranking/certainty")
    work(app)
    shown = organiser.get(f"{E}/ranking/certainty").html
    unsure = {
        row.select(".deciding")[0].text for row in shown.select("tbody tr") if row.select(".ds-tag")
    }
    text = told(app)
    assert "belum dihitung" not in text
    line = next(part for part in text.split("\n") if "Terlalu dekat untuk dibedakan" in part)
    chances = dict(pair.split() for pair in line.split(": ")[-1].rstrip(".").split(", "))
    assert set(chances.values()) == unsure
    assert set(chances) == rings(app)
    assert "Lingkaran kosong" in text
