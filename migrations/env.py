"""How alembic reaches the application's database and models."""

from alembic import context
from flask import current_app

from app.database import Base, Hundredths, Moment, db


def render(kind, column_type, _context):
    """Write our column types as the plain ones below them, so that migrations stand alone."""
    if kind == "type" and isinstance(column_type, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(column_type, Hundredths):
        return "sa.Integer()"
    return False


def migrate():
    """Run the migrations in one transaction."""
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render,
            **{"render_as_batch": True, "compare_type": True} | options,
        )
        with context.begin_transaction():
            context.run_migrations()


migrate()
