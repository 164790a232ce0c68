"""The composition root: the one place where everything is wired.

    concord = Concord.open(Path("my-workspace"))
    concord.ask("How much PTO do I get?", concord.foundation.directory.principal("ada"))

`concord` has the workspace at work, `foundation` what its files declare, `connecting` its connectors, `indexes` its
vector indexes.
"""

from __future__ import annotations

from concord.bootstrap.concord import Concord
from concord.bootstrap.connecting import connectors
from concord.bootstrap.foundation import Foundation
from concord.bootstrap.questions import question_of, scope_of

__all__ = ["Concord", "Foundation", "connectors", "question_of", "scope_of"]
