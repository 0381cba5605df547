"""Times seven pages beside a bare Flask application, and weighs the first load of every page.

Both are served by gunicorn on loopback from one SQLite file, with 27 and with 3,000 proposals. What
counts is the worker's own CPU time, so that a busy machine disturbs little; rounds are interleaved.
"""

import argparse
import signal
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
import bare
from client import asking, shown
from data import FEW, MANY, Ground, prepare, served
from report import verdict
from server import Server, in_process, plain, sender
from weight import weighed

from app.database import db

NAMES = ("list", "sheet", "save", "draft", "ranking", "cockpit", "feed")
SAVES = ("save", "draft")
GROWING = ("cockpit",)  # counts all proposals: compared at the many only, and not in growth
MOST_OF_BARE = {
    1.7: ("save",),
    2.2: ("list", "sheet", "ranking"),
    2.5: ("draft", "cockpit", "feed"),
}
MOST_OF_FEW = 1.5
WARM_UP, TURN, LEAST_CPU, MOST_REQUESTS = 40, 50, 1.0, 5000


def main() -> int:
    """Prepare, measure, print; return 1 if a rule is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is timed (5)")
    parser.add_argument("--item", choices=NAMES, action="append", help="only this (all)")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # so that the servers are stopped too
    with tempfile.TemporaryDirectory(prefix="ajang-bench-") as name:
        grounds = prepare(Path(name))
        with served(grounds):
            fast = timed(grounds, options.item or NAMES, max(1, options.rounds))
            light = weighed(grounds)
    return 0 if fast and light else 1


@dataclass
class Seen:
    """What one application answers for an item: how much, and after how many queries."""

    queries: int
    size: int
    packed: int
    shown: list[tuple[str, ...]]


def timed(grounds: list[Ground], names: tuple[str, ...], rounds: int) -> bool:
    """Time the items in interleaved rounds, print the table and the verdicts."""
    seen = {(name, ground.size): look(ground, name) for name in names for ground in grounds}
    times: dict[tuple[str, int], list[tuple[float, float]]] = {key: [] for key in seen}
    for _ in range(rounds):
        for name in names:
            for ground in grounds:
                times[name, ground.size].append(cpu_of_pair(ground, name))
    print_table(seen, times)
    met = [
        verdict(
            f"{', '.join(own)} ≤ {most} × bare",
            {
                f"{name} at {size:,}": over_bare(pairs)
                for (name, size), pairs in times.items()
                if name in own and (name not in GROWING or size == MANY)
            },
            most,
        )
        for most, items in MOST_OF_BARE.items()
        if (own := [name for name in items if name in names])
    ]
    met.append(
        verdict(
            f"{MANY:,} ≤ {MOST_OF_FEW} × {FEW}",
            {name: growth(times, name) for name in names if name not in GROWING},
            MOST_OF_FEW,
        )
    )
    return all(met)


def look(ground: Ground, name: str) -> tuple[Seen, Seen]:
    """Ask both once warmed up; refuse to compare pages that show different rows."""
    both = seen_of(ground.ours, ground, name), seen_of(ground.bare, ground, name)
    if both[0].shown != both[1].shown or (name not in SAVES and not both[0].shown):
        raise SystemExit(f"{name} at {ground.size} differs: {both[0].shown} {both[1].shown}")
    return both


def seen_of(server: Server, ground: Ground, name: str) -> Seen:
    """Warm up the server, then see how large an answer is and what it holds."""
    with sender(server) as send:
        ask = asking(send, ground, name)
        packed = [ask() for _ in range(WARM_UP)][-1]
        body = asking(send, ground, name, "identity")()
    return Seen(queries_of(server, ground, name), len(body), len(packed), shown(name, plain(body)))


def queries_of(server: Server, ground: Ground, name: str) -> int:
    """Count the statements of one request, without those that begin and end a transaction."""
    with server.application.app_context():
        engine = (db if server is ground.ours else bare.db).engine
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            found.append(statement)

    with in_process(server) as send:
        ask = asking(send, ground, name)
        ask()
        sa.event.listen(engine, "before_cursor_execute", note)
        ask()
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(found)


def cpu_of_pair(ground: Ground, name: str) -> tuple[float, float]:
    """Return each worker's milliseconds of CPU for one request, over a second of both's work.

    They take turns, so that a machine that turns slow slows both.
    """
    used, asked = [0.0, 0.0], 0
    while min(used) < LEAST_CPU and asked < MOST_REQUESTS:
        for place, server in enumerate(ground.pair):
            used[place] += cpu_of_turn(server, ground, name)
        asked += TURN
    return 1000 * used[0] / asked, 1000 * used[1] / asked


def cpu_of_turn(server: Server, ground: Ground, name: str) -> float:
    """Return the worker's seconds of CPU for a turn of requests, what they begin from left out."""
    with sender(server) as send:
        ask = asking(send, ground, name)
        ask()
        begun = server.cpu()
        for _ in range(TURN):
            ask()
        return server.cpu() - begun


def over_bare(pairs: list[tuple[float, float]]) -> float:
    """Return the median of the rounds' ratios."""
    return statistics.median(our_cpu / bare_cpu for our_cpu, bare_cpu in pairs)


def growth(times: dict[tuple[str, int], list[tuple[float, float]]], name: str) -> float:
    """Return how much more CPU the many take than the few, as the median of the rounds."""
    pairs = zip(times[name, MANY], times[name, FEW], strict=True)
    return statistics.median(many[0] / few[0] for many, few in pairs)


def print_table(
    seen: dict[tuple[str, int], tuple[Seen, Seen]],
    times: dict[tuple[str, int], list[tuple[float, float]]],
) -> None:
    """Print a row for each item and size."""
    print(
        "\nCPU of the worker in ms per request (medians); ours / bare\n"
        f"{'item':<8}{'rows':>6}{'ours':>8}{'bare':>7}{'ratio':>7}{'min–max':>12}"
        f"{'queries':>9}{'bytes':>18}{'sent (gzip)':>18}{'3000÷27':>9}"
    )
    for (name, size), pairs in times.items():
        ours, theirs = seen[name, size]
        ratios = [our_cpu / bare_cpu for our_cpu, bare_cpu in pairs]
        times_ours, times_bare = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(
            f"{name:<8}{size:>6}{times_ours:>8.2f}{times_bare:>7.2f}{over_bare(pairs):>7.2f}"
            f"{f'{min(ratios):.2f}–{max(ratios):.2f}':>12}{f'{ours.queries} / {theirs.queries}':>9}"
            f"{f'{ours.size} / {theirs.size}':>18}{f'{ours.packed} / {theirs.packed}':>18}"
            f"{f'{growth(times, name):.2f}' if size == MANY else '':>9}"
        )


if __name__ == "__main__":
    sys.exit(main())
