"""For whoever runs the server: is it alive, can it serve, how does it do. No personal data."""

from __future__ import annotations

import time
from functools import cache
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from tentqueue.web.context import Context
from tentqueue.web.errors import Problem

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


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
        # Looking a labelled counter up costs more than counting.
        self._counter = cache(self.answers.labels)
        self.sockets = Gauge("tentqueue_sockets", "Open websockets", registry=self.registry)

    def count(self, response: Response) -> Response:
        """Note one answer."""
        self._counter(request.endpoint or "none", response.status_code).inc()
        if "began" in g:
            self.seconds.observe(time.perf_counter() - g.began)
        return response


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
            tent = context.tents.of(slug).tent
            metrics.version.labels(slug).set(tent.version)
            metrics.open.labels(slug).set(len(tent.open))
        return Response(generate_latest(metrics.registry), content_type="text/plain; version=0.0.4")

    return routes


def _is_this_machine() -> bool:
    """A proxy on this machine forwards strangers: what it forwards does not count as local."""
    forwarded = {"Forwarded", "X-Forwarded-For", "X-Real-Ip"} & set(request.headers.keys())
    try:
        return not forwarded and ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
