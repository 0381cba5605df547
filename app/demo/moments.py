"""When what happens in the demo, and what tells its accounts."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.editions.kinds import Stage

CASE = Path(__file__).parent.parent / "editions" / "cases" / "luwu-utara-2019.toml"
ZONE = ZoneInfo("Asia/Makassar")
PASSWORD = "arena-demo-2019"  # noqa: S105 -- the demo's own, printed for everyone
DOMAIN = "luwu-utara.example"


def _at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2019, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


MOMENTS = {
    "draft": _at(9, 10, 10),
    "screening": _at(9, 20, 9),
    "picking": _at(10, 1, 9),
    "scoring": _at(10, 5, 10, 35),
    "plenary": _at(10, 6, 19),
    "published": _at(10, 7, 11),
}
WINDOWS = {
    Stage.SUBMISSION: (_at(9, 2, 8), _at(9, 16, 16)),
    Stage.SCREENING: (_at(9, 16, 16), _at(9, 27, 17)),
    Stage.PICKING: (_at(9, 28, 8), _at(10, 3, 16)),
    Stage.SCORING: (_at(10, 5, 8), _at(10, 7, 8)),
}
MADE, PUBLISHED = _at(8, 26, 9), _at(10, 7, 10)

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
