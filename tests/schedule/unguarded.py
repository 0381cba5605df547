"""Gunicorn's settings for a server whose writers don't follow each other: for negative controls."""

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine


def post_fork(arbiter: object, worker: object) -> None:
    """Before a worker makes its application, let that read an edition without its lock."""
    from app import database  # noqa: PLC0415 -- in the worker only, which is to be changed
    from app.editions import queries  # noqa: PLC0415

    queries.LOCKED_EDITION = queries.EDITION
    event.remove(Engine, "begin", database._begin)
    event.listen(Engine, "begin", _begin)


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
