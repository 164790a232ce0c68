"""The locked dependencies cover what the project needs, at the versions that the tests run with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_pins_are_those_of_this_environment():
    command = [sys.executable, str(ROOT / "requirements" / "lock.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_pins_are_exact_and_name_no_build_of_one_machine():
    lines = (ROOT / "requirements" / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(pin.count("==") == 1 and "+" not in pin for pin in pins)
    names = [pin.split("==")[0] for pin in pins]
    assert names == sorted(set(names))
    assert "torch==2.13.0" in pins
