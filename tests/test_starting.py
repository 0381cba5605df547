"""A deployment that could not work says so in one sentence and doesn't start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import SECRET_KEY, Store

PROJECT = Path(__file__).parent.parent


def start(url: str, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Load the application as gunicorn's workers do."""
    environment = os.environ | {
        "AJANG_SECRET_KEY": SECRET_KEY,
        "AJANG_DATABASE_URL": url,
        "AJANG_DATA": str(data),
    }
    return subprocess.run(
        [sys.executable, "-c", "import wsgi; print(type(wsgi.app).__name__)"],
        cwd=PROJECT,
        env=environment | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence, with the status that tells gunicorn to give up."""
    assert done.returncode == 3
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


@pytest.fixture
def migrated(store: Store):
    url, data = store.copy("migrated", lambda _app: None)
    yield url, data
    store.drop(data)


def set_revision(url: str, revision: str | None) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("delete from alembic_version"))
        if revision:
            insert = sa.text("insert into alembic_version values (:revision)")
            connection.execute(insert, {"revision": revision})
    engine.dispose()


@pytest.mark.field("faults 17")
@pytest.mark.parametrize(
    ("revision", "said"),
    [(None, "no tables yet"), ("0014", "db upgrade"), ("9999", "newer version of Ajang")],
)
def test_a_database_of_another_version_is_refused(migrated, revision, said):
    url, data = migrated
    set_revision(url, revision)
    assert said in refusal(start(url, data))


@pytest.mark.field("faults 17")
def test_what_is_fit_starts(migrated):
    done = start(*migrated)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "Ajang", "")


@pytest.mark.field("faults 17")
def test_a_missing_folder_is_refused(migrated, tmp_path):
    url, _ = migrated
    assert "does not exist" in refusal(start(url, tmp_path / "nowhere"))


@pytest.mark.field("faults 17")
@pytest.mark.parametrize(
    "url",
    ["sqlite:////nowhere/at/all.sqlite", "postgresql+psycopg://ajang:geheim@127.0.0.1:1/ajang"],
)
def test_a_database_that_can_not_be_opened_is_refused_without_its_password(tmp_path, url):
    said = refusal(start(url, tmp_path))
    assert "can't be opened" in said
    assert "geheim" not in said


@pytest.mark.field("faults 20")
@pytest.mark.parametrize(
    "settings",
    [{"AJANG_SECRET_KEY": "short"}, {"AJANG_MAIL_URL": "smpt:/mail"}, {"AJANG_HTTPS": "1"}],
)
def test_an_unsafe_setting_is_one_sentence_too(tmp_path, settings):
    assert "AJANG_" in refusal(start("sqlite:////nowhere.sqlite", tmp_path, **settings))


def test_the_worker_refuses_an_older_database_and_migrating_goes_on_working(store):
    url, data = store.empty()
    environment = os.environ | {
        "AJANG_SECRET_KEY": SECRET_KEY,
        "AJANG_DATABASE_URL": url,
        "AJANG_DATA": str(data),
    }

    def flask(*command: str) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
        options = {"cwd": PROJECT, "env": environment, "capture_output": True, "text": True}
        return subprocess.run(whole, check=False, **options)

    worked = flask("worker", "--once")
    assert worked.returncode == 1
    assert worked.stderr.strip() == (
        "Error: the database has no tables yet: run “flask --app wsgi db upgrade”."
    )
    assert flask("db", "upgrade").returncode == 0
    assert flask("worker", "--once").returncode == 0
    store.drop(data)
