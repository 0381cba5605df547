"""Times the public calendar of 3,000 presentations: once built, unchanged, and after one change.

It is the time inside the application, without a server's; what counts is the median.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from data import FEW, MANY, E, add_copies, close, ours_on
from report import verdict

from app import clock
from app.calendars import ics
from app.calendars.entries import presentation_of
from app.calendars.serving import page_of
from app.database import db, transaction
from app.demo import story
from app.demo.moments import MOMENTS
from app.editions.models import Edition
from app.programme.models import Appearance
from app.programme.queries import appearances

PATH = f"{E}/schedule.ics"
MOST_KEPT, MOST_UNCHANGED = 50.0, 5.0  # milliseconds


def main() -> int:
    """Prepare, measure, print; return 1 if a rule is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100, help="how often each is timed (100)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = prepare(Path(folder))
        client = app.test_client()
        packed = {"Accept-Encoding": "gzip"}
        fresh, _ = timed(client, packed, 1)
        keep_entries(app)
        first, _ = timed(client, packed, 1)
        kept, answer = timed(client, packed, options.rounds)
        unchanged, same = timed(client, {"If-None-Match": answer.headers["ETag"]}, options.rounds)
        built = change_one(app)
        changed, _ = timed(client, packed, 1)
        built = ics.entries_built() - built
        close(app)
    print(f"{'calendar of 3,000':<28}{'ms':>8}")
    for name, figure in (
        ("every entry built anew", fresh),
        ("joined from kept entries", first),
        ("once built", kept),
        ("unchanged (304)", unchanged),
        ("after one change", changed),
    ):
        print(f"{name:<28}{figure:>8.1f}")
    rules = [
        verdict("once built, at most 50 ms", {"median": kept}, MOST_KEPT),
        verdict("unchanged, at most 5 ms", {"median": unchanged}, MOST_UNCHANGED),
        verdict("a change builds one entry", {"entries": built}, 1),
    ]
    return 0 if all(rules) and same.status_code == 304 else 1  # noqa: PLR2004 -- HTTP's status


def prepare(folder: Path) -> Any:
    """Bring the demo to scoring with 3,000 presentations."""
    app = ours_on(folder, MOMENTS["scoring"] - clock.real_now())
    with app.app_context():
        upgrade()
    with app.test_request_context(base_url="http://127.0.0.1"), transaction(writing=True):
        story.play("scoring")
    with app.app_context(), transaction(writing=True):
        add_copies(MANY - FEW)
    return app


def timed(client: Any, headers: dict[str, str], rounds: int) -> tuple[float, Any]:
    """Ask `rounds` times; return the median in milliseconds, and the last answer."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        answer = client.get(PATH, headers=headers, base_url="http://127.0.0.1")
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times), answer


def keep_entries(app: Any) -> None:
    """Keep each presentation's lines, as the worker does when it announces a change."""
    with app.test_request_context(base_url="http://127.0.0.1"), transaction(writing=True):
        edition = db.session.scalars(sa.select(Edition)).one()
        for appearance in appearances(edition):
            shown = presentation_of(edition, appearance, page_of(edition, appearance.proposal))
            appearance.entry, appearance.entry_digest = ics.entry(shown), ics.digest(shown)
        edition.revise(now=clock.now())
    ics.entry.cache_clear()


def change_one(app: Any) -> int:
    """Change one presentation; return how many entries had been built before."""
    with app.app_context(), transaction(writing=True):
        one = db.session.scalars(sa.select(Appearance).order_by(Appearance.proposal_id)).first()
        one.revision += 1
        db.session.scalars(sa.select(Edition)).one().revise(now=clock.now())
    return ics.entries_built()


if __name__ == "__main__":
    sys.exit(main())
