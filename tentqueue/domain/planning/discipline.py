"""Whose turn, at which table: one function from the tent's facts to decisions, each with its reason. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tentqueue.domain.planning.facts import WARMUP
from tentqueue.domain.planning.tables import calm_until, fits, free_at, length, mean_length, on_duty

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tentqueue.domain.planning.facts import TentFacts, TherapistFacts, TicketFacts


@dataclass(frozen=True, slots=True)
class Tuning:
    """The discipline's own constants, found on made-up race days; flat optima, so no day depends on their decimals."""

    horizon: float = 2.2
    """Median walks to look ahead for tables coming free."""
    extra: float = 0.8
    """Runners called beyond the tables coming free: covers no-shows and slow walkers."""
    room: float = 1.15
    """Mean lengths before its deadline at which a warm-up has room: below it is tight and goes after those with room."""
    risk: float = 0.75
    """Mean lengths before its deadline below which a warm-up is not started."""
    hopeless: float = 0.9
    """Mean lengths before its deadline below which a waiting warm-up is closed with an offer."""
    lull: float = 300.0
    """A due break is taken now if nobody this therapist serves is ready within this."""
    recall: float = 1.3
    """Median walks after which a runner who has not come is called again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now. `act`: call, recall, seat, break, close; `therapist` of a call is the table meant, not binding."""

    act: str
    ticket: str | None
    therapist: str | None
    reason: str


def decide(facts: TentFacts, tuning: Tuning = Tuning()) -> list[Decision]:
    """Everything to do at this instant, in the order in which to do it."""
    moment = _Moment(facts, tuning)
    moment.close()
    soon = _soon_free(facts, facts.now + tuning.horizon * facts.learnt.walk)
    if soon:
        idle = [who for _, who in soon if who.state == "idle"]
        if idle:
            moment.seat(idle)
            moment.rest(idle)
        moment.call([pair for pair in soon if pair[1].key not in moment.taken])
    moment.recall()
    return moment.out


def _soon_free(facts: TentFacts, horizon: float) -> list[tuple[float, TherapistFacts]]:
    """Tables free by the horizon: soonest first, then least flexible, then least tired (rule 14)."""
    on = ((free_at(facts, who), who) for who in facts.therapists if who.on_duty and who.supervised)
    soon = [(at, who) for at, who in on if at <= horizon]
    soon.sort(key=lambda pair: (pair[0], len(pair[1].lanes), pair[1].worked))
    return soon


class _Moment:
    """One instant being decided: who is spoken for, which tables are taken."""

    def __init__(self, facts: TentFacts, tuning: Tuning) -> None:
        self.facts, self.tuning, self.now = facts, tuning, facts.now
        self.out: list[Decision] = []
        self.gone: set[str] = set()
        self.taken: set[str] = set()
        self.warmup_mean = mean_length(facts, WARMUP) if WARMUP in facts.waiting else 0.0
        self._order: tuple[str, ...] = ()

    def decided(self, act: str, ticket: str, therapist: str | None, reason: str) -> None:
        self.out.append(Decision(act, ticket, therapist, reason))
        self.gone.add(ticket)

    def lane_order(self) -> tuple[str, ...]:
        """Lanes in their order, warm-ups first as soon as one would lose its slack."""
        if not self._order:
            line = self.facts.waiting.get(WARMUP, ())
            calm = calm_until(self.facts, line, on_duty(self.facts, WARMUP)) > self.now
            rest = tuple(lane for lane in self.facts.waiting if lane != WARMUP)
            self._order = (*rest, WARMUP) if calm else (WARMUP, *rest)
        return tuple(lane for lane in self._order if lane in self.facts.waiting)

    def close(self) -> None:
        """Close warm-ups that can't end in time any more, with an offer, and no-shows after the hold (rules 3, 16)."""
        limit = self.now + self.tuning.hopeless * self.warmup_mean
        for ticket in self.facts.waiting.get(WARMUP, ()):
            if ticket.deadline < limit:
                self.decided("close", ticket.key, None, "wave_too_close")
        for ticket in self.facts.called:
            here, rules = ticket.present_since is not None, self.facts.rules
            if ticket.deadline < (self.now + 120 if here else limit):
                self.decided("close", ticket.key, None, "wave_too_close")
            elif (
                not here
                and ticket.calls >= rules.max_calls
                and self.now - ticket.called_at >= rules.hold
            ):
                self.decided("close", ticket.key, None, "no_show")

    # ---- starts
    def seat(self, idle: list[TherapistFacts]) -> None:
        """Whoever is at the tent starts, in order, on the least flexible and least tired idle table."""
        here = self._at_the_tent(idle)
        if not here:
            return
        here.sort(key=lambda t: t.order)
        for who in sorted(idle, key=lambda w: (len(w.lanes), w.worked)):
            chosen = self._best_here(who, here)
            if chosen is not None:
                self.decided("seat", chosen.key, who.key, self._why(chosen))
                self.taken.add(who.key)

    def _at_the_tent(self, idle: list[TherapistFacts]) -> list[TicketFacts]:
        here = [
            t for t in self.facts.called if t.present_since is not None and t.key not in self.gone
        ]
        here += [t for t in self.facts.near if t.key not in self.gone and self._their_turn(t, idle)]
        return [t for t in here if t.ready <= self.now]

    def _their_turn(self, ticket: TicketFacts, idle: list[TherapistFacts]) -> bool:
        """Whether a newcomer at the tent passes nobody: an idle table remains after those walking and those before."""
        facts = self.facts
        tables = sum(ticket.lane in who.lanes for who in idle)
        for other in facts.called:
            if (
                other.lane == ticket.lane
                and facts.learnt.on_the_way(self.now - other.called_at, other.calls) > 0.5
            ):
                tables -= 1
        for other in facts.waiting[ticket.lane]:
            if tables <= 0 or other.key == ticket.key:
                break
            tables -= other.ready <= self.now
        return tables > 0

    def _best_here(self, who: TherapistFacts, here: list[TicketFacts]) -> TicketFacts | None:
        for lane in self.lane_order():
            if fits(self.facts, who, lane, self.now):
                mean = length(self.facts, lane, who.key)
                chosen = self._next((t for t in here if t.lane == lane), who, self.now, mean)
                if chosen is not None:
                    return chosen
        return None

    # ---- breaks
    def rest(self, idle: list[TherapistFacts]) -> None:
        """A due break in a lull: nobody this therapist could serve is ready soon (rule 11)."""
        for who in idle:
            due = who.breaks and who.breaks[0].earliest <= self.now <= who.breaks[0].latest
            if due and who.key not in self.taken and not self._wanted(who):
                self.out.append(Decision("break", None, who.key, "lull"))
                self.taken.add(who.key)

    def _wanted(self, who: TherapistFacts) -> bool:
        if any(t.lane in who.lanes and t.key not in self.gone for t in self.facts.called):
            return True
        by = self.now + self.tuning.lull
        lines = (line for lane, line in self.facts.waiting.items() if lane in who.lanes)
        return any(t.ready <= by and t.key not in self.gone for line in lines for t in line)

    # ---- calls
    def call(self, free: list[tuple[float, TherapistFacts]]) -> None:
        """As many as the tables coming free need, counting those on the way by the chance that they come (rule 17)."""
        if not any(self.facts.waiting.values()):
            return
        supply, self.standing = self._supply()
        need = dict.fromkeys(supply, 0.0)
        dry: set[str] = set()
        for at, who in free:
            for lane in self.lane_order():
                if fits(self.facts, who, lane, at) and self._serve(
                    at, who, lane, (supply, need, dry)
                ):
                    need[lane] += 1
                    break

    def _supply(self) -> tuple[dict[str, float], int]:
        """Runners to expect per lane without another call, and how many stand in the tent or walk to it."""
        supply, standing, learnt = dict.fromkeys(self.facts.waiting, 0.0), 0, self.facts.learnt
        for t in self.facts.called:
            if t.key not in self.gone:
                age = self.now - t.called_at
                here = t.present_since is not None
                supply[t.lane] += 1.0 if here else learnt.on_the_way(age, t.calls)
                standing += here or age < self.facts.rules.call_grace
        return supply, standing

    def _serve(
        self,
        at: float,
        who: TherapistFacts,
        lane: str,
        counts: tuple[dict[str, float], dict[str, float], set[str]],
    ) -> bool:
        """Whether this lane has a runner for this table, calling until it has."""
        supply, need, dry = counts
        if supply[lane] >= need[lane] + 1:
            return True
        begin = max(at, self.now + self.facts.learnt.walk)
        mean = self.warmup_mean
        while lane not in dry and supply[lane] < need[lane] + 1 + self.tuning.extra:
            if self.standing >= self.facts.rules.standby_cap:
                break
            ticket = self._next(self.facts.waiting[lane], who, begin, mean)
            if ticket is None:
                dry.add(lane)
                break
            self.decided("call", ticket.key, who.key, self._why(ticket))
            self.standing += 1
            supply[lane] += self._comes(ticket)
        return supply[lane] > need[lane]

    def _comes(self, ticket: TicketFacts) -> float:
        learnt = self.facts.learnt
        if ticket.near_until > self.now:
            return 1.0
        return learnt.answered.value * learnt.still_here(ticket.lane, self.now - ticket.since)

    def recall(self) -> None:
        """A runner who has not come is called again (rule 16)."""
        rules = self.facts.rules
        patience = max(rules.recall_after, self.tuning.recall * self.facts.learnt.walk)
        for t in self.facts.called:
            late = t.present_since is None and self.now - t.called_at >= patience
            if not late or t.calls >= rules.max_calls or t.key in self.gone:
                continue
            counted = self.now - t.called_at < rules.call_grace
            if counted or self._crowd() < rules.standby_cap:
                self.decided("recall", t.key, None, "not_seen")

    def _crowd(self) -> int:
        return self._supply()[1] + sum(d.act in ("call", "recall") for d in self.out)

    # ---- whose turn
    def _next(
        self, line: Iterable[TicketFacts], who: TherapistFacts, begin: float, mean: float
    ) -> TicketFacts | None:
        """The first ready in line whom this therapist may treat; a warm-up with room, else the tight one with most left."""
        tight = None
        for ticket in line:
            if ticket.key in self.gone or (ticket.only is not None and who.key not in ticket.only):
                continue
            if ticket.ready > begin:
                continue
            left = ticket.deadline - begin
            if left >= self.tuning.room * mean:
                return ticket
            if left >= self.tuning.risk * mean and (
                tight is None or ticket.deadline > tight.deadline
            ):
                tight = ticket
        return tight

    def _why(self, ticket: TicketFacts) -> str:
        """Why this one: next in line, or which right let them pass those before (rule 15)."""
        for other in self.facts.waiting.get(ticket.lane, ()):
            if other.key == ticket.key:
                break
            if other.key not in self.gone and other.ready <= self.now:
                return "suits_table" if other.only is not None else "more_room_before_wave"
        if ticket.credit:
            return "class_credit"
        return (
            "wave_is_near"
            if ticket.order[0] < ticket.joined + 600 and ticket.lane == WARMUP
            else "next_in_line"
        )
