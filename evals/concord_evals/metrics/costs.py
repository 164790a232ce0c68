"""What answers cost: tokens at the prices that the settings declare."""

from __future__ import annotations

from concord.workspace.settings import LlmSettings

MILLION = 1_000_000


def cost(tokens: tuple[int | None, int | None] | None, llm: LlmSettings | None) -> float | None:
    """The cost of an answer in the currency of the settings, 0 where no model was asked.

    None where its endpoint tells no tokens, or a price is not declared.
    """
    if tokens is None:
        return 0.0
    prompt, completion = tokens
    if prompt is None or completion is None or llm is None:
        return None
    if llm.prompt_price is None or llm.completion_price is None:
        return None
    return (prompt * llm.prompt_price + completion * llm.completion_price) / MILLION
