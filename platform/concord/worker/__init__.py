"""What goes on without anybody's asking: syncs by schedule, deadlines of cases, proofs and detection."""

from concord.worker.worker import Worker

__all__ = ["Worker"]
