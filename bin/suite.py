"""Runs the suite once for each database and fails if either did."""

import signal
import subprocess
import sys

signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # which ends pytest too
failures = []
for database in ("sqlite", "postgresql"):
    print(f"\n=== {database}", flush=True)
    command = [sys.executable, "-m", "pytest", "--database", database, "-n", "2"]
    command += ["--dist", "loadgroup", *sys.argv[1:]]
    if subprocess.run(command, check=False).returncode:
        failures.append(database)
sys.exit(f"Failed on {' and '.join(failures)}." if failures else 0)
