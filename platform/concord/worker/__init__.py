"""What goes on without anybody's asking: syncs by schedule, deadlines of cases, proofs and detection."""

from concord.worker.duties import SYNC, Duty, duties
from concord.worker.worker import Worker

__all__ = ["SYNC", "Duty", "Worker", "duties"]
