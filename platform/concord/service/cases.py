"""`/v1/cases/{case_id}`: changes that a case suggests to whoever deals with it, and past answers that it reaches."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.accepting import draft, look, propose
from concord.bootstrap.suggesting import Form, suggestions
from concord.service.asker import Asking
from concord.service.bodies import JsonRoute
from concord.service.feedback import CaseNumber
from concord.service.problems import DOCUMENTED
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/v1", tags=["cases"], responses=DOCUMENTED, route_class=JsonRoute)

_NOT_NOW: dict[int | str, dict[str, Any]] = {
    409: {**DOCUMENTED[422], "description": "The case or its files do not allow it now, or nothing would change"}
}
_Value = Annotated[str, Field(max_length=4_000)]
_FIELDS: JsonDict = {"review_due": "2027-05-01"}


class AskedBody(BaseModel):
    """A field of a suggested change: `value` is what the case tells; a `needed` one without it has to be given."""

    name: str
    asks: str
    form: Form
    needed: bool
    value: str
    choices: list[str]


class SuggestionBody(BaseModel):
    """A change that may mend the case, why, and the file of the workspace that it would change."""

    kind: str
    title: str
    why: str
    file: str
    fields: list[AskedBody]


class SuggestionsBody(BaseModel):
    """What a case suggests; nothing where no file of the workspace mends it, or where it is closed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case": 7,
                    "suggestions": [
                        {
                            "kind": "review",
                            "title": "Say that a page was reviewed",
                            "why": "An answer that stands on a page past its review is not taken for right.",
                            "file": "sources/people-handbook.yaml",
                            "fields": [
                                {
                                    "name": "review_due",
                                    "asks": "To be reviewed again by",
                                    "form": "date",
                                    "needed": True,
                                    "value": "",
                                    "choices": [],
                                }
                            ],
                        }
                    ],
                }
            ]
        }
    )

    case: int
    suggestions: list[SuggestionBody]


class ChangeRequest(BaseModel):
    """One of the suggested changes; `fields` stand in place of what the case tells, an empty one for nothing."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"kind": "review", "fields": _FIELDS}]})

    kind: str = Field(min_length=1, max_length=40)
    fields: dict[str, _Value] = Field(default_factory=dict, max_length=20)


class ProposalRequest(ChangeRequest):
    """The change that is proposed, and why; without a reason the case is it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"kind": "review", "fields": _FIELDS, "why": "Read on Monday: it holds."}]},
    )

    why: str = Field(default="", max_length=2_000)


class UndeterminedBody(BaseModel):
    """A part of a preview that could not be worked out, and why."""

    undetermined: str


class RedescribedBody(BaseModel):
    """An item that would be described otherwise; `gone` says why it would not be there any more."""

    identifier: str
    title: str
    added: list[str]
    removed: list[str]
    fields: list[str]
    gone: str | None


class ItemsBody(BaseModel):
    """The items described anew, of those that the asker may read."""

    retagged: int
    items: list[RedescribedBody]
    limited: bool


class ChangedAnswerBody(BaseModel):
    """A question whose answer would change; its words are told to who asked it, and to who decides on the change."""

    question: str | None
    use_case: str | None
    changes: list[str]
    cited_before: list[str]
    cited_after: list[str]


class QuestionsBody(BaseModel):
    """Questions of the last days asked again, of those that rest on nothing that the asker may not read."""

    days: int
    asked: int
    changed: int
    undetermined: int
    answers: list[ChangedAnswerBody]
    limited: bool


class AffectedBody(BaseModel):
    """A use case that would be touched."""

    id: str
    title: str
    declaration: str | None
    concepts: list[str]
    sources: list[str]
    audience_added: int
    audience_removed: int


class ImpactBody(BaseModel):
    """What a change would do, as far as the asker may see it; nothing was written."""

    summary: str
    files: list[str]
    items: ItemsBody | UndeterminedBody
    questions: QuestionsBody | UndeterminedBody
    use_cases: list[AffectedBody] | UndeterminedBody


class PreviewBody(ImpactBody):
    """What a change that a case suggests would do, as far as the asker may see it; nothing was written."""

    case: int
    kind: str
    warnings: list[str] = Field(description="What the change can hardly be meant to do, such as a review date past.")


class ProposedBody(BaseModel):
    """The proposal that the fix of the case is from now on."""

    case: int
    state: str
    proposal: int
    revision: int
    decision: str
    summary: str
    files: list[str]
    created_at: datetime


class PastAnswerBody(BaseModel):
    """A quote of a past answer: when and to whom that was given, which revision and words it cited.

    `stands` says whether the page still says so, and is null where that cannot be known; `quote` is empty where the
    revision is not kept.
    """

    at: datetime
    principal: str
    revision: int
    quote: str
    stands: bool | None


class RadiusBody(BaseModel):
    """Past answers that rest on what the case is about, newest first, as far as the asker may read it.

    `people` got them; `to_tell` of these got what does not stand any more, may read the page, and were not told yet;
    `told` were.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "case": 7,
                    "answers": [
                        {
                            "at": "2026-10-12T09:30:00+00:00",
                            "principal": "user:daniel.costa",
                            "revision": 3,
                            "quote": "Employees receive 27 days of annual leave a year.",
                            "stands": False,
                        }
                    ],
                    "people": 1,
                    "to_tell": 1,
                    "told": 0,
                }
            ]
        }
    )

    case: int
    answers: list[PastAnswerBody]
    people: int
    to_tell: int
    told: int


class NotifiedBody(BaseModel):
    """The case, and how many people were told just now that an answer of theirs was corrected."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"case": 7, "told": 1}]})

    case: int
    told: int


@router.get("/cases/{case_id}/suggestions")
async def suggested(case_id: CaseNumber, asker: Asking) -> SuggestionsBody:
    """List the changes that may mend a case that one deals with; any other case is like one that is not there.

    Values that rest on pages which the asker may not read are left out.
    """

    def found(concord: Concord, who: Principal) -> dict[str, Any]:
        return {"case": case_id, "suggestions": [each.to_json() for each in suggestions(concord, who, case_id)]}

    return SuggestionsBody.model_validate(await asker.read(Action.READ_CASES, found))


@router.post("/cases/{case_id}/previews", responses=_NOT_NOW)
async def previewed(case_id: CaseNumber, body: ChangeRequest, asker: Asking) -> PreviewBody:
    """Work out what a suggested change would do to items, answers and use cases; nothing is written."""

    def made(concord: Concord, who: Principal) -> dict[str, Any]:
        drafted = draft(concord, who, case_id, body.kind, body.fields)
        done = look(concord, who, drafted.change, drafted.operation)
        told = {"case": case_id, "kind": body.kind, "summary": drafted.summary, "files": sorted(drafted.files)}
        return told | {"warnings": list(drafted.warnings)} | done.to_json()

    return PreviewBody.model_validate(await asker.read(Action.HANDLE_CASES, made))


@router.post("/cases/{case_id}/proposals", status_code=201, responses=_NOT_NOW)
async def proposed(case_id: CaseNumber, body: ProposalRequest, asker: Asking) -> ProposedBody:
    """Propose a suggested change: the case waits for its approval, and then for a sync to prove it.

    A development workspace approves it at once.
    """

    def made(concord: Concord, who: Principal) -> ProposedBody:
        done = propose(concord, who, case_id, body.kind, body.fields, body.why)
        return ProposedBody(
            case=case_id,
            state=done.case.state.value,
            proposal=done.proposal.id,
            revision=done.proposal.revision,
            decision=done.proposal.state.value,
            summary=done.summary,
            files=sorted(done.proposal.files),
            created_at=done.proposal.created_at,
        )

    return await asker.read(Action.HANDLE_CASES, made)


@router.get("/cases/{case_id}/blast")
async def blast(case_id: CaseNumber, asker: Asking) -> RadiusBody:
    """List past answers that cited what a case that one deals with is about, and who got them, without their questions.

    Once a fix is proven, only those whose quote does not stand any more, or is not known to. Any other case is like
    one that is not there.
    """

    def found(concord: Concord, who: Principal) -> dict[str, Any]:
        return {"case": case_id, **concord.desk.blast_radius(who, case_id).to_json()}

    return RadiusBody.model_validate(await asker.read(Action.READ_CASES, found))


@router.post("/cases/{case_id}/blast/notifications", status_code=201)
async def notified(case_id: CaseNumber, asker: Asking) -> NotifiedBody:
    """Tell who got an answer whose quote does not stand any more that it was corrected, each once.

    Told are those who may read the page themselves.
    """

    def told(concord: Concord, who: Principal) -> int:
        return concord.desk.tell_answered(who, case_id)

    return NotifiedBody(case=case_id, told=await asker.read(Action.HANDLE_CASES, told))
