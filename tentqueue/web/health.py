"""For whoever runs the server: is it alive, can it serve, how does it do. No personal data."""

from __future__ import annotations

import time
from collections import Counter as PerState
from collections.abc import Callable, Iterator
from functools import cache
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from tentqueue.domain.model import OPEN_STATES
from tentqueue.domain.therapist import TherapistState
from tentqueue.logs import RefusalLog
from tentqueue.services.race_day import RaceDay
from tentqueue.web.context import Context
from tentqueue.web.errors import Problem

TELLING = frozenset({400, 401, 403, 408, 413, 415, 422, 429})
"""Refusals of the border, as a stranger who tries the locks would get."""
LOGGED_ELSEWHERE = frozenset({"wrong_pin"})
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Offered(Collector):
    """Views given to websockets, counted where they are sent."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count

    def collect(self) -> Iterator[Metric]:
        """The number now."""
        yield CounterMetricFamily(
            "tentqueue_views_offered", "Views given to websockets", value=self._count()
        )


class Metrics:
    """What Prometheus reads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "tentqueue_http_answers_total",
            "HTTP answers",
            ["route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "tentqueue_http_seconds", "Time to answer", buckets=BUCKETS, registry=self.registry
        )
        self.version = Gauge(
            "tentqueue_journal_version", "Last journal entry", ["event"], registry=self.registry
        )
        self.open = Gauge(
            "tentqueue_open_tickets",
            "Tickets in line or at a table",
            ["event"],
            registry=self.registry,
        )
        self.refusals = Counter(
            "tentqueue_refusals_total",
            "Answers that were not a yes",
            ["code"],
            registry=self.registry,
        )
        self._log = RefusalLog()
        self._add_gauges()
        self.commits = Histogram(
            "tentqueue_commit_seconds",
            "Until an entry is durable",
            buckets=BUCKETS,
            registry=self.registry,
        )
        # Looking a labelled counter up costs more than counting.
        self._counter = cache(self.answers.labels)
        self.sockets = Gauge("tentqueue_sockets", "Open websockets", registry=self.registry)

    def count_views(self, offered: Callable[[], int]) -> None:
        """Tell how many views were offered to websockets, when somebody asks: noting each one would
        cost a tenth of what sending it does."""
        self.registry.register(Offered(offered))

    def _add_gauges(self) -> None:
        self.tickets = self._gauge("tickets", "Open tickets", "event", "lane", "state")
        self.waits = self._gauge("wait_minutes", "Wait of a newcomer", "event", "lane", "end")
        self.therapists = self._gauge("therapists", "Therapists", "event", "state")
        self.treated = self._gauge("treated", "Treatments finished", "event", "lane")
        self.replay = self._gauge("replay_seconds", "Folding the journal at the start", "event")
        self.behind = self._gauge(
            "webhook_entries_behind", "Entries still to send", "event", "hook"
        )

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(f"tentqueue_{name}", words, labels, registry=self.registry)

    def read_tent(self, slug: str, day: RaceDay) -> None:
        """Take one event's present state: lines, waits, therapists."""
        tent, forecast = day.tent, day.forecast()
        self.version.labels(slug).set(tent.version)
        self.open.labels(slug).set(len(tent.open))
        lines = PerState((t.lane.value, t.state.value) for t in tent.open.values())
        for lane in tent.lanes:
            for state in OPEN_STATES:
                self.tickets.labels(slug, lane.value, state.value).set(lines[lane, state])
            for end, minutes in zip(("from", "to"), forecast.wait(lane), strict=True):
                self.waits.labels(slug, lane.value, end).set(minutes)
            self.treated.labels(slug, lane.value).set(tent.counts.treated.get(lane, 0))
        at_work = PerState(t.state.value for t in tent.therapists.values())
        for place in TherapistState:
            self.therapists.labels(slug, place.value).set(at_work[place.value])

    def count(self, response: Response) -> Response:
        """Note one answer."""
        self._counter(request.endpoint or "none", response.status_code).inc()
        if "began" in g:
            self.seconds.observe(time.perf_counter() - g.began)
        if "problem" in g:
            self.refusals.labels(g.problem).inc()
            self._write_down(g.problem, response.status_code)
        return response

    def _write_down(self, code: str, status: int) -> None:
        """Log what tries the locks; what the tent itself refuses is the day's work."""
        if status in TELLING and code not in LOGGED_ELSEWHERE:
            facts = {"route": request.endpoint or "none", "method": request.method}
            self._log.note(code, status=status, **facts)


def install(app: Flask, metrics: Metrics) -> None:
    """Measure every request of `app`."""

    @app.before_request
    def _begin() -> None:
        g.began = time.perf_counter()

    app.after_request(metrics.count)


def blueprint(context: Context, metrics: Metrics) -> Blueprint:
    """Make the routes."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @routes.get("/readyz")
    def readyz() -> Response:
        wrong = list(context.ready())
        if wrong:
            raise Problem(503, " ".join(wrong), "not_ready", headers={"Retry-After": "2"})
        return Response("ready\n", mimetype="text/plain")

    @routes.get("/metrics")
    def numbers() -> Response:
        if not _is_this_machine():
            raise Problem(403, "Metrics are read on this machine only.")
        for slug in context.tents.slugs():
            metrics.read_tent(slug, context.tents.of(slug))
            metrics.replay.labels(slug).set(context.tents.replayed.get(slug, 0.0))
        for hook in context.hooks.all() if context.hooks else ():
            last = context.tents.of(hook.event).tent.version
            metrics.behind.labels(hook.event, hook.id).set(max(0, last - hook.cursor))
        return Response(generate_latest(metrics.registry), content_type="text/plain; version=0.0.4")

    return routes


def _is_this_machine() -> bool:
    """A proxy on this machine forwards strangers: what it forwards does not count as local."""
    forwarded = {"Forwarded", "X-Forwarded-For", "X-Real-Ip"} & set(request.headers.keys())
    try:
        return not forwarded and ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
