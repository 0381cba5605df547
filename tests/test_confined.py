"""Programs of ours in a process of their own, and what they may use."""

import json
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.confined import AT_ONCE, OUTPUT, Overrun, run

MEGABYTE = 1_000_000
FACTS = """
import json, os, resource, sys
json.dump({
    "input": sys.stdin.buffer.read().decode(),
    "arguments": sys.argv[1:],
    "environment": list(os.environ),
    "ours": [name for name in sys.modules if name.split(".")[0] in {"app", "flask"}],
    "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
}, sys.stdout)
"""


@pytest.fixture
def confined(tmp_path):
    """Runs a few lines as a program."""

    def run_lines(lines: str, content: bytes = b"", *arguments: str, seconds: int = 20) -> bytes:
        program = tmp_path / "a_small_program.py"
        program.write_text(lines)
        return run(program, content, *arguments, seconds=seconds, memory=200 * MEGABYTE)

    return run_lines


def test_a_program_gets_its_input_and_arguments_and_no_secret(confined, monkeypatch):
    monkeypatch.setenv("AJANG_SECRET_KEY", "x" * 40)
    found = json.loads(confined(FACTS, "é".encode(), "one", "two words"))
    assert "AJANG_SECRET_KEY" not in found["environment"]
    assert (found["input"], found["arguments"]) == ("é", ["one", "two words"])
    assert (found["ours"], found["core"]) == ([], 0)


def test_a_program_may_have_modules_of_its_own(tmp_path):
    package = tmp_path / "a_small_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "words.py").write_text("WORD = 'read'")
    (package / "__main__.py").write_text("from .words import WORD\nprint(WORD)")
    assert run(package, b"", seconds=5, memory=200 * MEGABYTE) == b"read\n"


def test_a_program_may_leave_its_input_alone(confined):
    assert confined("print('done')", b"x" * MEGABYTE) == b"done\n"


@pytest.mark.parametrize(
    "lines",
    [
        "while True: pass",
        "import time\ntime.sleep(60)",
        f"bytearray({300 * MEGABYTE})",
        f"import sys\nsys.stdout.write('x' * {OUTPUT + 1})",
        "files = [open('/dev/null') for _ in range(100)]",
        "raise ValueError",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "import os\nos._exit(3)",
    ],
)
def test_a_program_that_needs_too_much_or_fails_is_an_overrun(confined, lines):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    began = time.monotonic()
    with pytest.raises(Overrun):
        confined(lines, seconds=1)
    assert time.monotonic() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 1


def test_the_server_itself_is_not_limited(confined):
    kinds = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
    before = [resource.getrlimit(kind) for kind in kinds]
    confined("pass")
    assert [resource.getrlimit(kind) for kind in kinds] == before


def test_a_failure_leaves_room_for_the_next(confined):
    for _ in range(AT_ONCE + 1):
        with pytest.raises(Overrun):
            confined("raise ValueError")
    assert confined("print('done')") == b"done\n"


def test_more_than_fit_wait_for_their_turn(tmp_path):
    program = tmp_path / "a_small_program.py"
    marks = tmp_path / "marks"
    marks.mkdir()
    program.write_text(f"""
import os, pathlib, time
mark = pathlib.Path({str(marks)!r}) / str(os.getpid())
mark.touch()
print(len(list(mark.parent.iterdir())))
time.sleep(0.1)
mark.unlink()
""")
    with ThreadPoolExecutor(3 * AT_ONCE) as threads:
        runs = [
            threads.submit(run, Path(program), b"", seconds=20, memory=200 * MEGABYTE)
            for _ in range(3 * AT_ONCE)
        ]
        assert max(int(running.result()) for running in runs) <= AT_ONCE
