"""The HTTP service: the same answers as the command line's, for many people at once."""

from __future__ import annotations

from concord.service.app import create_app

__all__ = ["create_app"]
