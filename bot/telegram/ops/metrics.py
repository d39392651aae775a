"""Counts and latencies of the bot, for its operator and for Prometheus; the only importer of prometheus_client."""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Callable
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

_RECENT = 500
_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Metrics since the start of the process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._started = time.monotonic()
        self._counters = {
            name: Counter(f"quoth_{name}", help_, ["kind"], registry=self.registry)
            for name, help_ in (
                ("updates", "Updates received, by kind"),
                ("answers", "Questions answered, by status"),
                ("refusals", "Questions not answered, by reason"),
                ("presses", "Buttons pressed, by action"),
                ("uploads", "Documents sent and removed, by outcome"),
                ("verdicts", "Verdicts on answers"),
                ("sends", "Messages sent, edited or deleted, by outcome"),
                ("failures", "Errors, by kind"),
            )
        }
        self._seconds = Histogram(
            "quoth_answer_seconds", "Time from accepting a question to sending its answer", buckets=_BUCKETS,
            registry=self.registry,
        )  # fmt: skip
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._servers: list[WSGIServer] = []

    def count(self, name: str, kind: str) -> None:
        self._counters[name].labels(kind).inc()

    def total(self, name: str, kind: str) -> int:
        return int(self.registry.get_sample_value(f"quoth_{name}_total", {"kind": kind}) or 0)

    def answered(self, status: str, seconds: float) -> None:
        self.count("answers", status)
        self._seconds.observe(seconds)
        self._recent.append(seconds)

    def watch(self, name: str, help_: str, value: Callable[[], float]) -> None:
        """Add a gauge whose value is read on demand."""
        Gauge(f"quoth_{name}", help_, registry=self.registry).set_function(value)

    def summary(self) -> dict[str, str | int | float]:
        """For the operator: uptime, all counts, memory, and the latency of the last answers."""
        found: dict[str, str | int | float] = {"uptime_hours": round((time.monotonic() - self._started) / 3600, 1)}
        for name, counter in self._counters.items():
            for metric in counter.collect():
                for sample in metric.samples:
                    if sample.name.endswith("_total"):
                        found[f"{name}_{sample.labels['kind']}"] = int(sample.value)
        found["memory_mb"] = round((self.registry.get_sample_value("process_resident_memory_bytes") or 0) / 1e6)
        if len(self._recent) > 1:
            cuts = statistics.quantiles(self._recent, n=20, method="inclusive")
            found |= {"answer_ms_median": round(cuts[9] * 1000), "answer_ms_p95": round(cuts[18] * 1000)}
        return found

    def serve(self, port: int) -> None:
        """Serve the metrics for Prometheus on 127.0.0.1. Raises OSError if the port is taken."""
        server, _ = start_http_server(port, "127.0.0.1", registry=self.registry)
        self._servers.append(server)

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
