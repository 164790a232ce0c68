"""The command line starts without what only some commands need."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

LARGE = {
    "alembic",
    "bs4",
    "cedarpy",
    "cryptography",
    "dateparser",
    "fastapi",
    "jwt",
    "liteparse",
    "llama_index",
    "mammoth",
    "mcp",
    "openai",
    "numpy",
    "onnx",
    "onnxruntime",
    "pydantic",
    "pypdfium2",
    "pyoxigraph",
    "qdrant_client",
    "qdrant_edge",
    "sentence_transformers",
    "sqlalchemy",
    "torch",
    "trafilatura",
    "transformers",
}
PROGRAM = """
import sys
from concord.cli.main import run
code = run({arguments})
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]], ids=" ".join)
def test_help_imports_nothing_large(arguments):
    program = PROGRAM.format(arguments=arguments)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert "concord" in loaded
    assert not loaded & LARGE


def test_help_is_quick():
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "concord.cli.main", "--help"], capture_output=True, check=True)
    # Well under a second when nothing else runs; the bound only catches a large import that slipped in.
    assert time.perf_counter() - began < 5
