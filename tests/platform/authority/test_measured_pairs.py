"""Claims on real rule changes and rewrites: the measurement of benchmarks/authority_values.py, gated."""

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("CONCORD_TEST_DATA", ROOT.parent / "shared" / "data"))  # read before tests clear it
SCRIPT = ROOT / "benchmarks" / "authority_values.py"


def _script() -> Any:
    spec = importlib.util.spec_from_file_location("authority_values", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_real_changes_are_found_and_rewrites_raise_no_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    if not (DATA / "conflicts" / "value_changes.jsonl").is_file():
        pytest.skip(f"no conflicts/value_changes.jsonl in {DATA}: set CONCORD_TEST_DATA")
    monkeypatch.setenv("CONCORD_TEST_DATA", str(DATA))
    script = _script()
    folder = script.data_folder()
    assert folder is not None, f"no conflicts/value_changes.jsonl in {DATA}"
    report = script.measure(folder)
    assert report["recall"]["rate"] >= 0.9
    assert report["false_alarms"]["rate"] <= 0.02
