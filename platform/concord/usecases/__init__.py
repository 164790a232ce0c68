"""Use cases: audience, concepts, sources and answer policy."""

from __future__ import annotations

from concord.usecases.errors import UnknownUseCase, UseCaseError
from concord.usecases.model import EVERYTHING, AnswerPolicy, UseCase, choose, read_use_cases
from concord.usecases.stakeholders import Stakeholder

__all__ = [
    "EVERYTHING",
    "AnswerPolicy",
    "Stakeholder",
    "UnknownUseCase",
    "UseCase",
    "UseCaseError",
    "choose",
    "read_use_cases",
]
