"""Pin what an installed project needs, and everything that those need, to the versions that are installed.

    .venv/bin/python requirements/lock.py            # write constraints.txt from the environment that runs this
    .venv/bin/python requirements/lock.py --check    # exit 1 where the file and the environment differ

Only what is reachable from `pyproject.toml` (its extras and its build system included) is pinned, so that a tool
installed by hand stays out. Local versions are dropped: `torch==2.13.0` admits PyPI's wheel and `2.13.0+cpu` alike.
Needs `pip install -e ".[dev]"`.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
TARGET = Path(__file__).with_name("constraints.txt")
HEADER = """\
# Versions that work together, tested with Python 3.11. Written by requirements/lock.py (`make lock`); do not edit.
# Use: pip install -c requirements/constraints.txt -e ".[dev]"
"""


def main(arguments: list[str]) -> int:
    """Write the file, or compare it with the environment."""
    declared = list(declared_requirements())
    pins = {name: version for name, version in closure(declared).items() if name != "concord-rag"}
    if "--check" in arguments:
        problems = differences(parse(TARGET.read_text("utf-8")), pins)
        print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
        return 1 if problems else 0
    TARGET.write_text(HEADER + "".join(f"{name}=={version}\n" for name, version in sorted(pins.items())), "utf-8")
    print(f"{len(pins)} pins written to {TARGET.relative_to(ROOT)}")
    return 0


def declared_requirements() -> Iterator[str]:
    """What `pyproject.toml` asks for: to build, to run, and for each extra."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    yield from data["build-system"]["requires"]
    yield from data["project"]["dependencies"]
    for extra in data["project"]["optional-dependencies"].values():
        yield from extra


def closure(requirements: Iterable[str]) -> dict[str, str]:
    """Installed versions of the requirements and of all that they need, by normalised name, without local versions.

    What is not installed (another platform's dependency, an extra that was left out) is left out.
    """
    found: dict[str, str] = {}
    done: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in done:
            continue
        done.add((name, extras))
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = Version(installed.version).public
        needs = (Requirement(text) for text in installed.requires or ())
        waiting += [need for need in needs if _applies(need, extras)]
    return found


def _applies(need: Requirement, extras: frozenset[str]) -> bool:
    return need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in (*extras, ""))


def parse(text: str) -> dict[str, str]:
    """The pins of a constraints file."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return dict(line.split("==", 1) for line in lines if line)


def differences(pinned: dict[str, str], installed: dict[str, str]) -> list[str]:
    """Where the environment is not what the file says, as lines for a person."""
    lines = []
    for name, version in sorted(installed.items()):
        if name not in pinned:
            lines.append(f"{name}: {version} is installed and not pinned: run `make lock`")
        elif pinned[name] != version:
            lines.append(f"{name}: {version} is installed, {pinned[name]} is pinned: run `make setup` or `make lock`")
    return lines


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
