"""What a runner is told of why: times that moved, runners who went before. Never who they are."""

from __future__ import annotations

from tentqueue.domain.model import Moved
from tentqueue.domain.said import Said

CAUSES = {
    "breaks": Said("Therapists are on a break."),
    "breaks_over": Said("The therapists are back from their break."),
    "fewer_therapists": Said("Fewer therapists are at work."),
    "more_therapists": Said("More therapists are at work."),
    "longer_treatments": Said("Treatments take longer than planned."),
    "shorter_treatments": Said("Treatments are quicker than planned."),
    "others_first": Said("Runners whose start is sooner go first."),
    "places_given_up": Said("Some runners gave up their place."),
}
PASSED = {
    "start": Said("Runners whose start is sooner go before you."),
    "ready": Said("Runners who were ready before you go first."),
    "staff": Said("The team let somebody go before you."),
    "suited": Said("The free table was not one for you. You keep your place."),
    "here": Said("Somebody who stood at the tent took a free table. You keep your place."),
}


def moved_words(moved: Moved) -> Said:
    """Say how far the times moved, and why."""
    because, length = CAUSES[moved.cause], abs(moved.minutes)
    if moved.minutes > 0:
        return Said(
            "About {minutes} min later than we said. {because}", minutes=length, because=because
        )
    return Said(
        "About {minutes} min sooner than we said. {because}", minutes=length, because=because
    )
