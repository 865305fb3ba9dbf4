"""The plan in words and tables: for a terminal, and as a page that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import isinf, isnan

from tentqueue.simulation.chart import clock, hours_shown, name_of, svg
from tentqueue.simulation.confirm import Confirmed
from tentqueue.simulation.staffing import Option, Staffing, interval, mean, percentile, shares

Rows = list[list[str]]
_OPTION_HEADS = (
    "",
    "therapist-hours",
    "most at once",
    "warm-ups in time",
    "recovery in time",
    "90 % wait under",
    "hands-on",
    "days both held",
)


def sentences(staffing: Staffing, confirmed: Sequence[Confirmed]) -> list[str]:
    """What was asked, what was found, and how sure it is."""
    plan, target, best = staffing.plan, staffing.target, staffing.best
    said = [
        f"{plan.race.title}: {plan.runners} runners; {plan.wish.warmups:.0f} warm-ups and "
        f"{plan.wish.recoveries:.0f} recoveries expected ({plan.expected_from}).",
        f"{best.hours:g} therapist-hours, {max(best.need)} therapists at the most, so that "
        f"{target.share:g} % of warm-ups end in time and {target.share:g} % of recoveries start "
        f"within {target.wait:g} min.",
    ]
    if not staffing.reached:
        said.append(
            "The promises can't be kept, however many therapists: look at when the lanes open "
            "and close."
        )
    if max(best.need) > plan.tables:
        said.append(f"That is more than the event's {plan.tables} tables.")
    said.append(
        f"Searched on {len(best.days)} simulated days with a quick model of the tent "
        "(nobody is turned away in it); +- is the 95 % interval of the mean over days."
    )
    said += _confirmation(confirmed)
    return said


def _confirmation(confirmed: Sequence[Confirmed]) -> list[str]:
    if not confirmed:
        return []
    warm = [day.warmups for day in confirmed if day.warmups is not None]
    sore = [day.recoveries for day in confirmed if day.recoveries is not None]
    parts = [
        f"{name} {mean(each):.1f} % +- {interval(each):.1f}"
        for name, each in (("warm-ups in time", warm), ("recovery in time", sore))
        if each
    ]
    return [
        f"Confirmed with the tent's own dispatch on {len(confirmed)} of these days: "
        f"{', '.join(parts)}."
    ]


def half_hours(staffing: Staffing) -> Rows:
    """From when, therapists on duty, runners expected to be ready."""
    rows = [["from", "therapists", "warm-ups", "recoveries"]]
    for n in hours_shown(staffing):
        ready = [float(staffing.hoped[lane][2 * n : 2 * n + 2].sum()) for lane in ("pre", "post")]
        heads = staffing.best.need[n]
        rows.append([clock(n), str(heads), *(f"{each:.0f}" for each in ready)])
    return rows


def options(staffing: Staffing) -> Rows:
    """Fewer and more therapists, and what becomes of the promises."""
    return [list(_OPTION_HEADS), *(_option(staffing, each) for each in staffing.options)]


def _option(staffing: Staffing, option: Option) -> list[str]:
    held = sum(day.held(staffing.target) for day in option.days)
    return [
        name_of(option),
        f"{option.hours:g}",
        str(max(option.need)),
        _spread(shares(option, "pre")),
        _spread(shares(option, "post")),
        _wait(percentile(option.waits(), 90)),
        f"{option.busy():.0f} %",
        f"{held} of {len(option.days)}",
    ]


def _wait(minutes: float) -> str:
    """Endless when more than a tenth were not served at all."""
    if isnan(minutes):
        return "-"
    return "many leave" if isinf(minutes) else f"{minutes:.0f} min"


def _spread(values: Sequence[float]) -> str:
    """Mean, its interval, and the worst day."""
    if not values:
        return "-"
    return f"{mean(values):.1f} +- {interval(values):.1f} % (worst {min(values):.0f})"


def plain(rows: Rows) -> str:
    """A table for a terminal."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = ["  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def page(staffing: Staffing, confirmed: Sequence[Confirmed]) -> str:
    """The plan as one HTML page: no script, nothing fetched."""
    title = f"Therapists for {staffing.plan.race.title}"
    said = "".join(f"<p>{escape(each)}</p>" for each in sentences(staffing, confirmed))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1>{said}"
        f"<h2>By half-hour</h2><figure>{svg(staffing)}</figure>"
        f"<h2>Fewer or more</h2>{_table(options(staffing))}"
        f"<h2>The roster</h2>{_table(half_hours(staffing))}</body></html>\n"
    )


_STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;"
    "color:#14212b;background:#fff}svg{width:100%;height:auto}figure{margin:0}"
    "table{border-collapse:collapse;display:block;overflow-x:auto;"
    "font-variant-numeric:tabular-nums}"
    "td{white-space:nowrap}"
    "td,th{padding:.3rem .8rem;border-bottom:1px solid #ccd3d6;text-align:right}"
    "@media print{body{margin:0}}"
)


def _table(rows: Rows) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:]
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
