"""How alembic reaches the application's database and models."""

from contextlib import contextmanager

from alembic import context
from flask import current_app

from app.database import Base, Hundredths, Moment, db, lift_limits


def render(kind, column_type, _context):
    """Write our column types as the plain ones below them, so that migrations stand alone."""
    if kind == "type" and isinstance(column_type, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(column_type, Hundredths):
        return "sa.Integer()"
    return False


@contextmanager
def unchecked(connection):
    """Let SQLite replace a table that others refer to; the references are checked at the end."""
    if connection.dialect.name != "sqlite":
        yield
        return
    plain = connection.connection.dbapi_connection  # within a transaction SQLite keeps the rule
    plain.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        plain.execute("PRAGMA foreign_keys=ON")


def check_references(connection):
    """Fail if a row refers to one that is gone."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"rows refer to what is gone: {broken[:10]}")


def migrate():
    """Run the migrations in one transaction."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection, unchecked(connection):
        lift_limits(connection.connection.driver_connection)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render,
            **{"render_as_batch": True, "compare_type": True} | options,
        )
        with context.begin_transaction():
            context.run_migrations()
            check_references(connection)


migrate()
