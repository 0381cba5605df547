"""The program that recounts a result, run as everyone runs it: on a file, apart from Ajang."""

import subprocess
import sys
from pathlib import Path

RECOUNT = Path(__file__).resolve().parents[2] / "static/recount.py"


def recount(content: str, folder: Path) -> tuple[int, str]:
    """Recount a file of this content; return whether something differs, and what is said."""
    file = folder / "result.json"
    file.write_text(content, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-I", RECOUNT, file], capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout + ran.stderr
