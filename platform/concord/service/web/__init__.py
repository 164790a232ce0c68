"""The web chat: pages over the same functions as the API, rendered on the server."""

from __future__ import annotations

from concord.service.web.site import install

__all__ = ["install"]
