"""Puts the crash points into the processes that a command starts; for tests alone, by way of PYTHONPATH."""

import os
import sys
from pathlib import Path

if os.environ.get("CRASH_FOLDER"):
    sys.path.insert(1, str(Path(__file__).parents[1]))
    import crashpoints

    for module, role in crashpoints.ROLES.items():
        if module in sys.orig_argv:
            crashpoints.install(role)
