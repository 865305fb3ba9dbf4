"""What the practice day says on the console: its links, and on a terminal how the day goes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from tentqueue.demo import Moment, Watcher
from tentqueue.demo.links import Link
from tentqueue.domain.race_event import RaceEvent


class Teller:
    """Tells of one practice day; `show` opens a link in a browser."""

    def __init__(self, speed: float, show: Callable[[str], object] | None = None) -> None:
        self._speed, self._show = speed, show
        self._zone = ZoneInfo("UTC")
        self._live = sys.stdout.isatty()
        self._ready = self._has_line = False

    @property
    def watcher(self) -> Watcher:
        """What the day calls."""
        return Watcher(self.ready, self.moment)

    def ready(self, event: RaceEvent, now: datetime, links: list[Link]) -> None:
        """Print the links."""
        self._zone, self._ready = ZoneInfo(event.timezone), True
        local = now.astimezone(self._zone)
        click.echo(
            f"\n{event.name}: it is {local:%H:%M} in the tent, {self._speed:g} times as fast.\n"
        )
        width = max(len(link.screen) for link in links)
        for link in links:
            click.echo(f"  {link.screen:<{width}}  {link.url}")
        click.echo("\nStaff links sign one browser in, once. Ctrl-C ends the day; nothing is kept.")
        sys.stdout.flush()
        if self._show is not None:
            self._show(next(link.url for link in links if link.screen == "The board"))

    def moment(self, moment: Moment) -> None:
        """On a terminal: one line that changes."""
        if self._live and self._ready:
            self._has_line = True
            local = moment.now.astimezone(self._zone)
            line = (
                f"{local:%H:%M}  waiting {moment.waiting}  therapists {moment.working}  "
                f"treated {moment.treated}"
            )
            click.echo(f"\r{line:<60}", nl=False)

    def end(self) -> None:
        """Leave the console tidy."""
        if self._has_line:
            click.echo()
