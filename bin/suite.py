"""Runs the suite once for each database and fails if either did."""

import subprocess
import sys

failures = []
for database in ("sqlite", "postgresql"):
    print(f"\n=== {database}", flush=True)
    command = [sys.executable, "-m", "pytest", "--database", database, "-n", "2", *sys.argv[1:]]
    if subprocess.run(command, check=False).returncode:
        failures.append(database)
sys.exit(f"Failed on {' and '.join(failures)}." if failures else 0)
