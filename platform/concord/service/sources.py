"""`/v1/sources`: the content sources that the asker reads something of, or answers for."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from concord.access.actions import Action
from concord.bootstrap import Concord
from concord.bootstrap.sources_seen import sources_seen
from concord.service.asker import Asking
from concord.service.problems import DOCUMENTED
from concord_taxonomy.standard import Principal

router = APIRouter(prefix="/v1", tags=["sources"], responses=DOCUMENTED)


class SourceBody(BaseModel):
    """A source as the asker sees it: `items` counts those that they may read."""

    source: str
    title: str
    items: int
    by_status: dict[str, int]
    last_checked: datetime | None = Field(description="When it was last looked at from end to end.")


class SourcesBody(BaseModel):
    """The sources in the order of their files."""

    sources: list[SourceBody]


@router.get("/sources")
async def sources(asker: Asking) -> SourcesBody:
    """List the sources of which the asker may read an item, and those that they answer for."""

    def found(concord: Concord, who: Principal) -> SourcesBody:
        return SourcesBody(
            sources=[
                SourceBody(
                    source=source,
                    title=concord.foundation.sources[source].title,
                    items=counted.total(),
                    by_status=dict(sorted(counted.items())),
                    last_checked=concord.locks.last_read(source),
                )
                for source, counted in sources_seen(concord.engine, concord.foundation, who).items()
            ]
        )

    return await asker.read(Action.READ_SOURCES, found)
