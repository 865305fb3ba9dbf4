"""Every refusal: a stable code, the facts, and a sentence that says what to do next.

The sentence is written where the refusal is raised, with {gaps} for its facts, so that the border
can say it in the runner's language.

A refusal changes nothing. Bugs are not refusals and are never caught on the way.
"""

from __future__ import annotations

from typing import Any, ClassVar

from tentqueue.domain.said import Said


class Refusal(Exception):
    """A command the tent won't carry out. `facts` are JSON values for the asker; those named in
    the sentence fill its gaps."""

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "Not possible now"

    def __init__(self, sentence: str, **facts: Any) -> None:
        self.sentence = sentence if isinstance(sentence, Said) else Said(sentence, **facts)
        super().__init__(str(self.sentence))
        self.facts = facts


class UnknownTicket(Refusal):
    code, title = "unknown_ticket", "No such ticket"


class UnknownTherapist(Refusal):
    code, title = "unknown_therapist", "No such therapist"


class UnknownWave(Refusal):
    code, title = "unknown_wave", "No such wave"


class WaveNeeded(Refusal):
    code, title = "wave_needed", "Which wave?"


class UnknownLane(Refusal):
    code, title = "unknown_lane", "No such lane"


class PaperTaken(Refusal):
    code, title = "paper_taken", "Not a fresh paper ticket"


class ConsentNeeded(Refusal):
    code, title = "consent_needed", "Consent is needed"


class AlreadyQueued(Refusal):
    code, title = "already_queued", "Already in line"


class AgainTooSoon(Refusal):
    code, title = "again_too_soon", "Too soon for another"


class LaneClosed(Refusal):
    code, title = "lane_closed", "The lane is closed"


class LaneFull(Refusal):
    code, title = "lane_full", "The lane is full"


class WaveTooClose(Refusal):
    code, title = "too_late", "Too close to the start"


class AppointmentTaken(Refusal):
    code, title = "appointment_taken", "Not a free time"


class FinishTooFar(Refusal):
    code, title = "finish_out_of_range", "That finish time can't be"


class MinutesOutOfRange(Refusal):
    code, title = "minutes_out_of_range", "Not a length this lane offers"


class WrongTime(Refusal):
    code, title = "wrong_time", "That time can't be"


class TableNeeded(Refusal):
    code, title = "table_needed", "Which table?"


class NotPossibleNow(Refusal):
    """The ticket or therapist is in another state than the command needs; facts hold it."""

    code, title = "not_possible_now", "Not possible now"


class CalledToAnother(Refusal):
    code, title = "called_to_another", "Called to another table"


class MoreTimeUsed(Refusal):
    code, title = "more_time_used", "More time is given once"


class GuardianNeeded(Refusal):
    code, title = "guardian_needed", "A guardian is needed"


class SupervisorNeeded(Refusal):
    code, title = "supervisor_needed", "A supervisor is needed"


class HandsOnLimit(Refusal):
    code, title = "hands_on_limit", "Enough for today"


class ReasonNeeded(Refusal):
    code, title = "reason_needed", "A reason is needed"


class NothingToUndo(Refusal):
    code, title = "nothing_to_undo", "Nothing to undo"


class UndoTooLate(Refusal):
    code, title = "undo_too_late", "Too late to undo"


class TextTooLong(Refusal):
    code, title = "text_too_long", "Too long"
