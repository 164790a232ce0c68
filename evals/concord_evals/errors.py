"""Errors of evaluations.

ConcordEvalsError
├── NoQuestions       nothing to ask
├── NoSuchSuite       no golden set of that name
├── NotText           a golden set is not in UTF-8
├── SameQuestion      two questions with one id
├── NoSuchRun         no run of that id, or several
├── RunUnfinished     a run that was interrupted, where a whole one is needed
├── MissingExtra      a package that an extra brings is not installed
├── JudgingStopped    the worker of ragas ended before its last result
├── JudgeMissing      a metric needs a judge, and none is named
├── NoSuchMetric      ragas has no metric of that name here
└── WorkspaceChanged  a run is no longer about what the workspace is
"""

from __future__ import annotations

from collections.abc import Iterable


class ConcordEvalsError(Exception):
    """Base of every error of this package; its text says what to do next."""


class NoQuestions(ConcordEvalsError):
    """Nothing is left to ask."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(f"no question in {where}: write golden sets as evals/*.jsonl, or name others with --suite")


class NoSuchSuite(ConcordEvalsError):
    """`name` is neither a file nor a golden set of the workspace."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        super().__init__(f"no golden set {name!r}: give a file, or one of {', '.join(sorted(known)) or '(none)'}")


class NotText(ConcordEvalsError):
    """The file `name` holds no text."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is not in UTF-8: save it so, one question a line")


class SameQuestion(ConcordEvalsError):
    """Golden sets that are asked together have an id twice."""

    def __init__(self, id_: str, first: str, second: str) -> None:
        self.id = id_
        super().__init__(f"question {id_!r} stands in {first} and in {second}: give one of them another id")


class NoSuchRun(ConcordEvalsError):
    """`name` names no run, or several."""

    def __init__(self, name: str, found: int = 0) -> None:
        self.name = name
        what = f"{found} runs begin with {name!r}" if found else f"no run {name!r}"
        super().__init__(f"{what}: `concord eval list` shows them")


class RunUnfinished(ConcordEvalsError):
    """A run was interrupted before its last question."""

    def __init__(self, name: str, done: int, of: int) -> None:
        self.name = name
        super().__init__(f"run {name} has {done} of {of} scores: the same `concord eval run` goes on with it")


class MissingExtra(ConcordEvalsError):
    """What was asked for needs a package that only an extra installs."""

    def __init__(self, what: str, package: str, extra: str) -> None:
        self.package = package
        super().__init__(f'{what} needs {package}: pip install "concord-rag[{extra}]"')


class JudgingStopped(ConcordEvalsError):
    """The worker ended with `missing` results to go."""

    def __init__(self, missing: int, code: int, said: str) -> None:
        self.missing = missing
        super().__init__(
            f"the worker of ragas ended (code {code}) with {missing} results to go: {said[:300] or 'it said nothing'}; "
            "the same command goes on"
        )


class JudgeMissing(ConcordEvalsError):
    """Metrics that ask a language model were asked for without one."""

    def __init__(self, metrics: Iterable[str]) -> None:
        super().__init__(f"{', '.join(metrics)} need a judge: name it with --judge URL and --model NAME")


class NoSuchMetric(ConcordEvalsError):
    """`name` is no metric of ragas that is offered."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        super().__init__(f"no metric {name!r}: one of {', '.join(known)}")


class WorkspaceChanged(ConcordEvalsError):
    """Answers would not be those that the run is about."""

    def __init__(self, name: str, what: Iterable[str]) -> None:
        changed = ", ".join(what)
        super().__init__(f"since run {name} the workspace changed ({changed}): make a new one by `concord eval run`")
