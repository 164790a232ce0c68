"""What a browser may do with a page: headers that forbid everything else, and posts from these pages alone.

A post is accepted where the browser says that one of these very pages made it (`Sec-Fetch-Site`, else `Origin`; the
defence by fetch metadata of OWASP's cheat sheet on cross-site request forgery). A cookie's `SameSite` is not enough: a
page on another port of this machine is of the same site.
"""

from __future__ import annotations

from fastapi import Request

from concord.service.errors import Forbidden

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def from_our_pages(request: Request) -> None:
    """Raise `Forbidden` for a request that changes something and was not made by one of these pages."""
    if request.method in {"GET", "HEAD"}:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "")
    ours = site == "same-origin" if site else origin.partition("://")[2] == request.headers.get("host")
    if not ours:
        raise Forbidden("this can be done from Concord's own pages only")
