"""A therapist's own record as CSV, where the organiser turned it on (rule 31). Reading only."""

from __future__ import annotations

from flask import Blueprint, Response, request

from tentqueue.domain.said import Said
from tentqueue.domain.tent import Tent
from tentqueue.services.asker import Power
from tentqueue.services.report.csv_files import csv_of
from tentqueue.services.treatment_record import treatment_record
from tentqueue.web.audience import Audience
from tentqueue.web.context import Context
from tentqueue.web.errors import Problem
from tentqueue.web.responding import download

WHO = Audience(Said("the therapist whose treatments they are"), frozenset({Power.THERAPIST}))


def blueprint(context: Context) -> Blueprint:
    """The route of the record."""
    routes = Blueprint("record", __name__)

    @routes.get("/<slug>/tablet/record.csv")
    def record(slug: str) -> Response:
        tent = context.tents.of(slug).tent
        asker = context.auth.asker(request, slug)
        WHO.admit(asker)
        _kept(tent)
        table = treatment_record(tent, asker.therapist or "", context.runners.names(slug))
        return download(csv_of(table).encode("utf-8-sig"), "text/csv", f"{slug}-record.csv")

    return routes


def _kept(tent: Tent) -> None:
    """Raises: Problem 404 where no record is kept, 410 after the wipe."""
    if not tent.rules.treatment_record:
        raise Problem(404, "This event keeps no record for insurers. Ask the organiser.")
    if tent.wipe is not None:
        raise Problem(410, "The records were wiped. Only copies taken before exist.", "wiped")
