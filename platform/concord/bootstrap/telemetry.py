"""A tracer that sends spans to a collector by OTLP, where the settings name one."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from concord.workspace.errors import FileProblem
from concord.workspace.serving import TelemetrySettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider


def open_provider(settings: TelemetrySettings) -> TracerProvider | None:
    """What makes tracers, None where nothing is sent; raises `FileProblem` where its packages are not there.

    Spans are sent by a thread of its own, and a collector that does not answer holds nobody up. `OTEL_*` variables hold
    as everywhere.
    """
    if settings.endpoint is None:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        wanted = "telemetry needs a further package: pip install 'concord-rag[telemetry]'"
        raise FileProblem("concord.yaml", wanted, "telemetry.endpoint") from error
    about = Resource.create({"service.name": "concord", "service.version": version("concord-rag")})
    provider = TracerProvider(resource=about, shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=f"{settings.endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
