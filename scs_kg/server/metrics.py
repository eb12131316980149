"""Measures the service for operators, in the text format of Prometheus."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from scs_kg.server.jobs import Reply

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
NO_ROUTE: Final = "none"

Gauges = Callable[[], Mapping[str, float]]


class ServiceMetrics:
    """The numbers of one running service: its requests, their times, its cache, and the state of its workers."""

    def __init__(self, gauges: Gauges) -> None:
        """Set all numbers to zero; ``gauges`` returns the current state of the service, keyed by name."""
        self._registry: Final = CollectorRegistry()
        self._requests: Final = Counter(
            "scs_kg_requests", "Answered requests.", ("route", "method", "status"), registry=self._registry
        )
        self._seconds: Final = Histogram(
            "scs_kg_request_seconds",
            "Seconds to read and answer a request.",
            ("route",),
            registry=self._registry,
        )
        self._cached: Final = Counter("scs_kg_cached_answers", "Answers from the cache.", registry=self._registry)
        self._registry.register(_GaugeCollector(gauges))

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answered request; ``route`` is the path of the route with its parameters in braces."""
        self._requests.labels(route, method if method in METHODS else "other", str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def cached(self) -> None:
        """Count an answer from the cache."""
        self._cached.inc()

    def reply(self) -> Reply:
        """Return the numbers in the text format of Prometheus."""
        return Reply(200, CONTENT_TYPE_LATEST, generate_latest(self._registry), {"cache-control": "no-store"})


class _GaugeCollector(Collector):
    """Reads the state of the service when the numbers are requested."""

    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield one gauge for each number."""
        for name, value in self._gauges().items():
            yield GaugeMetricFamily(f"scs_kg_{name}", f"The current number: {name.replace('_', ' ')}.", value)
