"""Runs the suite once for each database and fails if either did.

The second time leaves out what another database can't change: tests that use none (they are found
by their fixtures) and those marked `one_database`, which look at pages rather than at what they do.
"""

import signal
import subprocess
import sys

DATABASES = {"sqlite": [], "postgresql": ["--second-database"]}

signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # which ends pytest too
failures = []
for database, options in DATABASES.items():
    print(f"\n=== {database}", flush=True)
    command = [sys.executable, "-m", "pytest", "--database", database, "-n", "2"]
    command += ["--dist", "loadgroup", *options, *sys.argv[1:]]
    if subprocess.run(command, check=False).returncode:
        failures.append(database)
sys.exit(f"Failed on {' and '.join(failures)}." if failures else 0)
