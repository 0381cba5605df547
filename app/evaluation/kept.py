"""What is computed from all standings of an edition, kept in memory until one of them changes."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from app.database import db, is_writing
from app.editions.models import Edition

T = TypeVar("T")

MOST_KEPT = 16  # of 3,000 proposals each takes about 2 MB

_kept: OrderedDict[tuple[str, str, int, tuple[int, int | None]], Any] = OrderedDict()
_lock = Lock()


def kept(name: str, edition: Edition, compute: Callable[[], T]) -> T:
    """Return what `compute` returns, plain values that are computed again only after a change.

    `Edition.evaluation_revision` tells: each change of a standing or a status increases it; and so
    does `placed_revision`, once places are kept. Inside a writing transaction nothing is kept or
    taken, since what it sees may yet be undone.
    """
    if is_writing():
        return compute()
    revisions = (edition.evaluation_revision, edition.placed_revision)
    key = (name, str(db.engine.url), edition.id, revisions)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            found: T = _kept[key]
            return found
    value = compute()
    with _lock:
        _kept[key] = value
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return value
