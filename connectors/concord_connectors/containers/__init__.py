"""Files that hold documents: archives, mailboxes, and messages with attachments; one file per kind.

from concord_connectors.containers import Unpacker

unpacker = Unpacker(selection.takes_member, known)
for entry in unpacker.entries(record):      # the record, or what it holds
...
"""

from concord_connectors.containers.limits import ContainerLimits
from concord_connectors.containers.opening import Opener, open_here
from concord_connectors.containers.paths import clashing, holders, position
from concord_connectors.containers.unpacker import Unpacker, may_hold_others, sampled

__all__ = [
    "ContainerLimits",
    "Opener",
    "Unpacker",
    "clashing",
    "holders",
    "may_hold_others",
    "open_here",
    "position",
    "sampled",
]
