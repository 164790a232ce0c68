"""Errors of the service; `problems` maps them, and those of other packages, to HTTP.

ServiceError
├── Unauthenticated    the request does not say who asks
├── SignInFailed       somebody came back from the identity provider without its word for them
├── Forbidden          from this address or host nothing is answered
├── NoSuchConcept      no concept of that IRI in the vocabularies in force
├── NoSuchConversation    no conversation of that id that is the viewer's own
├── NotSentAsJson      the body is not said to be JSON
├── Unreadable         the body is no JSON that can be read
├── TooLarge           the body is larger than is read
├── TooSlow            the body is sent too slowly
├── Busy               more questions wait than are queued
├── TooManyRequests    one person asks more often than they may
├── TimedOut           a question took longer than it may
├── NotReady           a part that questions need cannot be reached
│   ├── IndexLost      the index holds far less than the catalog says is indexed
│   └── NoKeys         the identity provider's keys are not there, or are too old
└── CannotServe        the settings do not allow to serve (before anything listens)
"""

from __future__ import annotations


class ServiceError(Exception):
    """The service does not answer, and says why."""


class Unauthenticated(ServiceError):
    """The request does not say, or not prove, who asks."""


class SignInFailed(ServiceError):
    """Somebody came back from the identity provider, and it is not proved who they are."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}: try again")


class Forbidden(ServiceError):
    """From this address or host nothing is answered."""


class NoSuchConcept(ServiceError):
    """`iri` is no concept of the vocabularies in force."""

    def __init__(self, iri: str) -> None:
        self.iri = iri
        super().__init__(f"no concept {iri!r}: /v1/taxonomy/suggestions finds concepts by their labels")


class NoSuchConversation(ServiceError):
    """`conversation` is none of the viewer's own; whether it is another's is not told."""

    def __init__(self, conversation: str) -> None:
        self.conversation = conversation
        super().__init__(f"no conversation {conversation!r} of yours")


class NotSentAsJson(ServiceError):
    """The body is sent as `content_type`, or as nothing."""

    def __init__(self, content_type: str) -> None:
        self.content_type = content_type
        sent = f"as {content_type[:100]!r}" if content_type else "without a Content-Type"
        super().__init__(f"it is sent {sent}: send it as application/json")


class Unreadable(ServiceError):
    """The body is no JSON that can be read; what is wrong, and where, is its text."""


class TooLarge(ServiceError):
    """The body is larger than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"at most {limit:,} bytes are read")


class TooSlow(ServiceError):
    """The body was not sent within `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"a request has to be sent within {seconds:g} seconds")


class Busy(ServiceError):
    """`waiting` questions wait already."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        super().__init__("more questions wait than are queued: try again in a moment")


class TooManyRequests(ServiceError):
    """One person asks more often than they may; the next request is taken in `seconds`."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"you ask more often than you may: try again in {seconds} seconds")


class TimedOut(ServiceError):
    """A question took longer than `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"no answer within {seconds:g} seconds: try again later")


class NotReady(ServiceError):
    """A part that questions need cannot be reached; the log says why."""


class IndexLost(NotReady):
    """The index holds `held` points where the catalog says that `wanted` are indexed: emptied, or put back old."""

    def __init__(self, held: int, wanted: int) -> None:
        super().__init__(
            "the index has lost what the catalog says is indexed: "
            f"`concord doctor` tells what is wrong, and --repair builds it anew ({held} of {wanted} points)"
        )


class NoKeys(NotReady):
    """No token can be checked: the identity provider's keys are not there, or are too old."""


class CannotServe(ServiceError):
    """The settings do not allow to serve."""
