"""`usecases/*.yaml`: who may use an assistant, what it draws on, and how it answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from concord.usecases.errors import UnknownUseCase
from concord.usecases.stakeholders import Stakeholder
from concord.workspace.errors import FileProblem
from concord.workspace.files import Declarations
from concord.workspace.yaml import read_yaml, validate
from concord_taxonomy.standard import Principal, ReaderToken

EVERYTHING = "concord"
"""What asking across all departments is called where a name is needed: no use case can have it."""


class AnswerPolicy(BaseModel):
    """How a use case answers; what is not stated follows the workspace's settings.

    `llm: false` has its answers quoted where a model words others; `tone` is told to the model.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_citations: int | None = Field(default=None, ge=1, le=20)
    min_confidence: float | None = Field(default=None, ge=0, le=1)
    llm: bool = True
    tone: str = Field(default="", max_length=300)


Example = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class UseCase(BaseModel):
    """An assistant for an audience: the sources and concepts it is about, and its answer policy.

    No `sources` or `concepts` means all of them; an empty `audience` means nobody. `examples` are questions that the
    chat suggests to begin with. Each of the `stakeholders` judges it by a scorecard of its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str = Field(min_length=1)
    description: str = ""
    owner: ReaderToken | None = None
    audience: tuple[ReaderToken, ...] = ()
    sources: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    answer: AnswerPolicy = AnswerPolicy()
    golden_set: str | None = None
    examples: tuple[Example, ...] = Field(default=(), max_length=8)
    stakeholders: tuple[Stakeholder, ...] = Field(default=(), max_length=20)

    @field_validator("stakeholders")
    @classmethod
    def _once(cls, given: tuple[Stakeholder, ...]) -> tuple[Stakeholder, ...]:
        groups = [each.group for each in given]
        if twice := next((each for each in groups if groups.count(each) > 1), None):
            raise ValueError(f"{twice} stands twice: write one entry a group")
        return given

    def admits(self, principal: Principal) -> bool:
        """Whether `principal` may use it."""
        return principal.may_read(self.audience)


def read_use_cases(declarations: Declarations) -> dict[str, UseCase]:
    """The declared use cases by id; raises `FileProblem`."""
    found = {}
    for path, stem, text in declarations.under("usecases"):
        if stem == EVERYTHING:
            raise FileProblem(
                path, f"{EVERYTHING!r} is what asking across all departments is called: name it otherwise"
            )
        data = read_yaml(path, text)
        found[stem] = validate(path, lambda stem=stem, data=data: UseCase(**{**data, "id": stem}))  # type: ignore[misc]
    return found


def choose(use_cases: dict[str, UseCase], name: str | None, principal: Principal) -> UseCase | None:
    """The use case called `name` (None: ask everything one may read).

    Raises `UnknownUseCase` for one that does not exist and for one that `principal` may not use, alike.
    """
    if name is None:
        return None
    use_case = use_cases.get(name)
    if use_case is None or not use_case.admits(principal):
        raise UnknownUseCase(name, sorted(each.id for each in use_cases.values() if each.admits(principal)))
    return use_case
