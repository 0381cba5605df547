"""What docs/deployment.md says: settings, the command, the units, and the limits of the proxy."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.config import MEGABYTE, Config
from tests.databases import SECRET_KEY
from tests.servers import free_port

PROJECT = Path(__file__).parent.parent
DEPLOY = PROJECT / "deploy"
PLACE = "/srv/ajang"
PASSWORD = ("--password", "kata sandi panjang")

pytestmark = pytest.mark.one_database


@pytest.fixture
def place(store, tmp_path) -> Iterator[Path]:
    """The project as it lies on a server, with an empty database and the settings file."""
    url, data = store.empty()
    home = tmp_path / "srv"
    home.mkdir()
    for name in ("app", "deploy", "migrations", "static", "templates", "wsgi.py"):
        (home / name).symlink_to(PROJECT / name)
    (home / "deploy").unlink()
    (home / "deploy").mkdir()
    command = (DEPLOY / "ajang").read_text("utf-8")
    (home / "deploy" / "ajang").write_text(command, "utf-8")
    (home / ".venv" / "bin").mkdir(parents=True)
    for program in ("flask", "gunicorn"):
        (home / ".venv" / "bin" / program).symlink_to(Path(sys.executable).parent / program)
    settings = (PROJECT / ".env.example").read_text("utf-8")
    settings = settings.replace("AJANG_SECRET_KEY=", f"AJANG_SECRET_KEY={SECRET_KEY}")
    settings += f"AJANG_DATA={data}\nAJANG_DATABASE_URL='{url}'\n"
    (home / "ajang.env").write_text(settings, "utf-8")
    yield home
    store.drop(data)


def environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AJANG_")}
    return kept | {"AJANG_SETTINGS": str(place / "ajang.env")}


def ajang(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(place / "deploy" / "ajang"), *arguments]
    options = {"capture_output": True, "text": True, "env": environment(place)}
    return subprocess.run(command, check=False, **options)


@pytest.mark.parametrize(
    "command",
    [
        ("people", "add-admin", "admin@ajang.example", "Admin", *PASSWORD),
        ("audit", "verify", "edisi"),
        ("files", "verify"),
        ("files", "sweep"),
        ("mail", "deliver"),
        ("worker", "--once"),
    ],
    ids=lambda command: command[0] + command[1],
)
def test_a_command_before_the_tables_are_made_says_so_in_one_sentence(place, command):
    done = ajang(place, *command)
    assert done.returncode == 1
    assert done.stderr == (
        "Error: the database has no tables yet: run “flask --app wsgi db upgrade”.\n"
    )


def test_the_tables_and_the_first_account_are_made_and_the_units_run(place):
    """As the document says it, in its order."""
    assert ajang(place, "db", "upgrade").returncode == 0
    added = ajang(place, "people", "add-admin", "admin@ajang.example", "Admin", *PASSWORD)
    assert added.returncode == 0, added.stderr
    with running("ajang-worker.service", place), running("ajang.service", place) as address:
        request = urllib.request.Request(address, headers={"Host": "ajang.example"})
        assert answer_to(request) == 200
        assert answer_to(urllib.request.Request(address, headers={"Host": "other.example"})) == 400


def test_the_settings_file_names_every_setting_and_no_other():
    named = set(
        re.findall(r"^#? ?(AJANG_\w+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE)
    )
    read = set(re.findall(r'"(AJANG_\w+)"', (PROJECT / "app" / "config.py").read_text()))
    assert named == read


def test_the_proxy_takes_what_the_application_takes():
    limit = re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())[1]
    assert int(limit) * MEGABYTE > Config.body_limit


@contextmanager
def running(unit: str, place: Path) -> Iterator[str]:
    """Start what a unit starts, as systemd would; its address, should it be the server."""
    port = free_port()
    command = re.search(r"^ExecStart=(.*)$", (DEPLOY / unit).read_text("utf-8"), re.MULTILINE)[1]
    command = command.replace(PLACE, str(place)).replace(":8000", f":{port}")
    start = f'set -a; . "$AJANG_SETTINGS"; set +a; cd "{place}"; exec {command}'
    process = subprocess.Popen(["/bin/sh", "-c", start], env=environment(place))
    try:
        yield f"http://127.0.0.1:{port}/"
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(timeout=30)


def answer_to(request: urllib.request.Request) -> int:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.1)  # until the port opens; a listening server answers at once
    raise AssertionError("nothing listens")
