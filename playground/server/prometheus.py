"""What the page does, counted for Prometheus: requests, their time, runs, drops and memory."""

from collections.abc import Iterator
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..gate.seats import GATE
from ..runs.jobs import Jobs

# Seconds. A reply within a frame or two is live; the slowest one makes the codes of a data set.
BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 20, 60)


class Metrics:
    """The numbers of one page, in a registry of their own."""

    def __init__(self, jobs: Jobs) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "playground_requests",
            "Replies of the live routes.",
            ["route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "playground_request_seconds",
            "From the head of a request to its reply; of a stream, to its beginning.",
            ["route"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_Now(jobs))
        ProcessCollector(registry=self._registry)  # memory, processor time, open files
        PlatformCollector(registry=self._registry)

    def watch(self, route: Route) -> Route:
        """The same route, and every reply of it counted."""
        answer = route.endpoint

        async def counted(request: Request) -> Response:
            began, status = perf_counter(), 500
            try:
                response = await answer(request)
                status = response.status_code
                return response
            finally:
                self._requests.labels(route.path, str(status)).inc()
                self._seconds.labels(route.path).observe(perf_counter() - began)

        return Route(route.path, counted, methods=list(route.methods or ()))

    def route(self) -> Route:
        """`/metrics`, for Prometheus to read."""

        def metrics(_: Request) -> Response:
            text = generate_latest(self._registry)
            return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})

        return Route("/metrics", metrics)


class _Now(Collector):
    """Runs and seats as they are when somebody asks, and the requests that were dropped."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def describe(self) -> list[Metric]:
        return []  # or registering would look at the folder

    def collect(self) -> Iterator[Metric]:
        runs = GaugeMetricFamily("playground_runs", "Training runs of visitors.", labels=["state"])
        runs.add_metric(["going"], len(self._jobs.trainers.going()))
        runs.add_metric(["queued"], len(self._jobs.records.queue()))
        yield runs
        seats = "Seats for long work that are taken."
        yield GaugeMetricFamily("playground_taken_seats", seats, GATE.taken)
        meaning = "Requests that were not worked on, because of too many visitors."
        dropped = CounterMetricFamily("playground_dropped_requests", meaning, labels=["reason"])
        for reason, count in GATE.dropped.items():
            dropped.add_metric([reason], count)
        yield dropped
