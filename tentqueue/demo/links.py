"""The practice day's links: one for each screen, those of the staff ready signed in."""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.demo.crowd import Visit
from tentqueue.domain.race_event import RaceEvent
from tentqueue.house import House
from tentqueue.sign_in_links import signed_in_link


@dataclass(frozen=True)
class Link:
    """A screen and where it is."""

    screen: str
    url: str


def links(house: House, event: RaceEvent, ticket: Visit | None) -> list[Link]:
    """Return a link for each screen; a staff link signs one browser in, once."""
    base, slug, first = house.settings.public_url or "", event.slug, event.therapists[0]
    found = [
        Link("Runners join", f"{base}/{slug}"),
        Link("The board", f"{base}/{slug}/board"),
        Link(f"{first.name}'s tablet", _sign_in(house, slug, "therapist", first.id)),
        Link("The desk", _sign_in(house, slug, "desk")),
        Link("The organiser", _sign_in(house, slug, "organiser")),
    ]
    if ticket is not None:
        found.insert(1, Link(f"Ticket {ticket.code}", f"{base}/t/{ticket.id}#{ticket.key}"))
    return found


def _sign_in(house: House, slug: str, role: str, therapist: str | None = None) -> str:
    path = signed_in_link(house, slug, role, therapist, lasting=True)
    return f"{house.settings.public_url}{path}"
