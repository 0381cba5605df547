"""Transactions, and that migrations make what the models say."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade
from sqlalchemy.exc import IntegrityError, OperationalError

from app import create_app
from app.database import Base, Hundredths, Moment, columns, db, retried, transaction
from app.editions.models import Edition
from app.editions.queries import locked_edition
from app.proposals.models import Submission
from app.proposals.versions import names_then
from tests.conftest import SLUG

WRITERS, TIMES = 4, 10
MOMENT = datetime(2019, 10, 7, 2, tzinfo=UTC)


@pytest.fixture
def racing(make_app):
    app = make_app("draft")
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Edition).values(revision=0))
    return app


def increase(app, once) -> int:
    """Let writers at once read a number and write it one higher; return what stands at the end."""
    barrier = Barrier(WRITERS)

    def write(_: int) -> None:
        with app.app_context():
            barrier.wait(timeout=30)
            for _turn in range(TIMES):
                once()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(sa.select(Edition.revision).where(Edition.slug == SLUG))


def test_read_then_write_by_several_writers_loses_nothing(racing):
    def once() -> None:
        with transaction(writing=True):
            edition = locked_edition(SLUG)
            edition.revision += 1

    assert increase(racing, lambda: retried(once)) == WRITERS * TIMES


def test_without_the_lock_the_same_writers_lose_some(racing, database):
    """The negative control: a plain read takes no lock, so somebody's increase is overwritten."""

    def once() -> None:
        try:
            with transaction(writing=False):
                number = db.session.scalar(sa.select(Edition.revision).where(Edition.slug == SLUG))
                statement = sa.update(Edition).values(revision=number + 1)
                db.session.execute(statement.execution_options(synchronize_session=False))
        except OperationalError:  # SQLite refuses to write on an outdated reading: lost as well
            return

    assert increase(racing, once) < WRITERS * TIMES


def test_what_changes_in_a_reading_transaction_is_not_kept_and_is_read_again_in_the_next(racing):
    with racing.app_context():
        with transaction(writing=False):
            edition = db.session.scalars(sa.select(Edition)).first()
            edition.name = "Not to be kept"
            db.session.flush()
        with transaction(writing=True):
            edition.venue = "To be kept"
        with transaction(writing=False):
            db.session.expire_all()
            assert (edition.venue, edition.name == "Not to be kept") == ("To be kept", False)


def test_rows_of_columns_hold_what_is_pending_and_have_the_types_of_their_columns(racing):
    statement = sa.select(Edition.name, Edition.frozen_at).where(
        Edition.slug == sa.bindparam("slug")
    )
    with racing.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        edition.name, edition.frozen_at = "Changed", MOMENT
        assert columns(statement, {"slug": SLUG}).all() == [("Changed", MOMENT)]


def test_a_refused_request_changes_nothing(make_app, browse):
    app = make_app("draft")
    with app.app_context(), transaction(writing=False):
        before = db.session.scalar(sa.select(Edition.version).where(Edition.slug == SLUG))

    def fail_half_way() -> None:
        with app.app_context(), transaction(writing=True):
            locked_edition(SLUG).venue = "elsewhere"
            db.session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()

    with app.app_context(), transaction(writing=False):
        assert db.session.scalar(sa.select(Edition.version).where(Edition.slug == SLUG)) == before


def condition(index: dict) -> str:
    """The condition of a partial index, without what only the writing of it adds."""
    options = index.get("dialect_options", {})
    where = next((str(value) for key, value in options.items() if key.endswith("_where")), "")
    return "".join(where.split()).strip("()").lower()


def described(engine: sa.Engine) -> dict[str, object]:
    """Everything that matters of a schema, as the database itself tells it."""
    inspector = sa.inspect(engine)
    return {
        table: {
            "columns": sorted(
                (each["name"], str(each["type"]), each["nullable"])
                for each in inspector.get_columns(table)
            ),
            "primary": inspector.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(
                (
                    each["constrained_columns"],
                    each["referred_table"],
                    on_delete(engine, table, each),
                )
                for each in inspector.get_foreign_keys(table)
            ),
            "unique": sorted(
                each["column_names"] for each in inspector.get_unique_constraints(table)
            ),
            "checks": sorted(
                (each["name"], "".join(each["sqltext"].split()))
                for each in inspector.get_check_constraints(table)
            ),
            "indexes": sorted(
                (each["name"], str(each["column_names"]), each["unique"], condition(each))
                for each in inspector.get_indexes(table)
            ),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def on_delete(engine: sa.Engine, table: str, key: dict) -> str:
    """What becomes of a row whose other one goes; SQLite tells it of added columns too."""
    if engine.dialect.name != "sqlite":
        return key["options"].get("ondelete", "NO ACTION")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f'PRAGMA foreign_key_list("{table}")').mappings()
        return next(row["on_delete"] for row in rows if row["from"] in key["constrained_columns"])


def test_an_upgraded_database_equals_the_models_check_constraints_included(store):
    migrated_url, data = store.empty()
    with create_app(store.config(migrated_url, data)).app_context():
        upgrade()
        migrated = described(db.engine)
        db.engine.dispose()
    modelled_url, other = store.empty()
    with create_app(store.config(modelled_url, other)).app_context():
        Base.metadata.create_all(db.engine)
        modelled = described(db.engine)
        db.engine.dispose()

    assert migrated == modelled
    assert any(table["checks"] for table in migrated.values())
    store.drop(data)
    store.drop(other)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(datetime(2019, 10, 5), sa.dialects.sqlite.dialect())  # noqa: DTZ001


def test_a_moment_comes_back_in_utc():
    dialect = sa.dialects.sqlite.dialect()
    moment = datetime(2019, 10, 5, 8, 30, tzinfo=UTC)
    kept = Moment().process_bind_param(moment, dialect)
    assert Moment().process_result_value(kept, dialect) == moment


def test_hundredths_refuse_what_they_would_round():
    dialect = sa.dialects.sqlite.dialect()
    assert Hundredths().process_bind_param(Decimal("87.25"), dialect) == 8725
    with pytest.raises(ValueError, match="two decimal places"):
        Hundredths().process_bind_param(Decimal("87.255"), dialect)


@pytest.mark.field("empty Missing")
def test_units_keep_their_kinds_when_kinds_become_data(store):
    url, data = store.empty()
    with create_app(store.config(url, data)).app_context():
        upgrade(revision="0015")
        with db.engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO organisation (name) VALUES ('Kota')"))
            connection.execute(
                sa.text(
                    "INSERT INTO agency (id, organisation_id, parent_id, code, name, kind) VALUES "
                    "(1, 1, NULL, 'a', 'Dinas A', 'dinas'), (2, 1, 1, 'b', 'UPTD B', 'uptd')"
                )
            )
        upgrade()
        with db.engine.connect() as connection:
            rows = connection.execute(
                sa.text(
                    "SELECT agency.name, agency_kind.name, parent_id, can_enter FROM agency "
                    "JOIN agency_kind ON agency_kind.code = agency.kind AND "
                    "agency_kind.organisation_id = agency.organisation_id ORDER BY agency.id"
                )
            )
            assert [tuple(row) for row in rows] == [
                ("Dinas A", "Dinas", None, True),
                ("UPTD B", "UPTD", 1, True),
            ]
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE agency SET kind = 'madrasah' WHERE id = 2"))
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM agency WHERE id = 1"))
        db.engine.dispose()
    store.drop(data)


@pytest.mark.field("cases 7", "security F29")
def test_what_is_confirmed_gets_its_own_agencies_and_receipts_get_names(store):
    """Of two editions the older is confirmed; both have a proposal of the lower unit."""
    url, data = store.empty()
    with create_app(store.config(url, data)).app_context():
        upgrade(revision="0022")
        with db.engine.begin() as connection:
            insert(connection, "organisation")
            for kind in ("dinas", "uptd"):
                insert(connection, "agency_kind", code=kind, name=kind)
            insert(connection, "agency", code="a", name="Dinas A", kind="dinas")
            insert(connection, "agency", code="b", name="UPTD B", kind="uptd", parent_id=1)
            submitted = {"status": "eligible", "submitted_at": MOMENT}
            both = {"host_id": 1, "screeners_each": 2, "slot_minutes": 30}
            insert(connection, "edition", slug="2019", closed_at=MOMENT, name="Ajang", **both)
            insert(connection, "edition", slug="2020", name="Ajang lagi", **both)
            insert(connection, "person", name="Penulis")
            for edition in (1, 2):
                insert(connection, "section", edition_id=edition, name="Ringkasan")
                insert(connection, "proposal", edition_id=edition, agency_id=2, **submitted)
            insert(connection, "submission")
        upgrade()
        with db.engine.connect() as connection:
            agencies = rows(connection, "id, parent_id, name, edition_id, origin_id", "agency")
            entered = rows(connection, "id, agency_id", "proposal")
            hosts = rows(connection, "id, host_id", "edition")
            (receipt,) = rows(connection, "names", "submission")
        assert agencies[:2] == [(1, None, "Dinas A", None, None), (2, 1, "UPTD B", None, None)]
        assert agencies[2:] == [(3, None, "Dinas A", 1, 1), (4, 3, "UPTD B", 1, 2)]
        assert entered == [(1, 4), (2, 2)]
        assert hosts == [(1, 3), (2, 1)]
        names = names_then(Submission(names=receipt[0]))
        assert (names.agency, names.person, names.edition.name) == ("UPTD B", "Penulis", "Ajang")
        assert [called.name for called in names.sections.values()] == ["Ringkasan"]
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE agency SET code = 'a' WHERE id = 2"))
        db.engine.dispose()
    store.drop(data)


def insert(connection: sa.Connection, table: str, **values: object) -> None:
    """Insert a row; what it must have beside these values is 1, a moment or its column's name."""
    columns = sa.Table(table, sa.MetaData(), autoload_with=connection).columns
    for column in columns:
        if column.nullable or column.server_default is not None or column.primary_key:
            continue
        kind, length = column.type.python_type, getattr(column.type, "length", None)
        word = column.name[:length]
        plain = {int: 1, str: word, datetime: MOMENT, bool: False, date: MOMENT.date()}
        values.setdefault(column.name, plain[kind])
    connection.execute(sa.insert(columns[0].table).values(values))


def rows(connection: sa.Connection, columns: str, table: str) -> list[tuple[object, ...]]:
    found = connection.execute(sa.text(f"SELECT {columns} FROM {table} ORDER BY id"))
    return [tuple(row) for row in found]
