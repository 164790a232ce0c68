"""Files that hold documents: archives, mailboxes, and messages with attachments; one file per kind.

from concord_connectors.containers import Unpacker

unpacker = Unpacker(selection.takes_member, known)
for entry in unpacker.entries(record):      # the record, or what it holds
...
"""

from concord_connectors.containers.limits import ContainerLimits
from concord_connectors.containers.paths import clashing, position
from concord_connectors.containers.unpacker import Unpacker, may_hold_others, sampled

__all__ = ["ContainerLimits", "Unpacker", "clashing", "may_hold_others", "position", "sampled"]
