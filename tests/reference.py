"""Writes docs/reference.md from what the code says of itself: `make reference`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from tentqueue.cli import cli
from tentqueue.domain import commands, errors, events
from tentqueue.domain.rules import LANE_DEFAULTS, MEDICAL, LaneRules, TentRules, specs
from tentqueue.settings import Settings

FILE = Path(__file__).resolve().parent.parent / "docs" / "reference.md"
HEAD = """# Reference

Written from the code by `make reference`; change the code's own words, not this page.
"""
BASES = {"Command", "Event", "OfTicket", "OfTherapist", "OfLane", "Refusal"}


def sentence(text: str | None) -> str:
    """The first sentence or paragraph of a docstring, on one line, for a cell of a table."""
    first = " ".join((text or "").strip().split("\n\n")[0].split())
    return first.replace("|", "\\|")


def own_words(kind: type) -> str:
    """A class's docstring, unless it is the signature that dataclasses put there."""
    text = kind.__doc__ or ""
    return "" if text.startswith(f"{kind.__name__}(") else sentence(text)


def kinds(module: object, base: type) -> list[type]:
    """The classes of a module, file by file as they are written, without its bases."""
    found = [k for _, k in inspect.getmembers(module, inspect.isclass) if issubclass(k, base)]
    mine = [k for k in found if k.__name__ not in BASES]
    return sorted(mine, key=lambda kind: (kind.__module__, inspect.getsourcelines(kind)[1]))


def told_settings() -> dict[str, str]:
    """What settings.py says below each setting."""
    text = inspect.getsource(Settings)
    found = re.findall(r'^    (\w+): [^\n]+\n    """(.*?)"""', text, re.M | re.S)
    return {name: sentence(words) for name, words in found}


def settings() -> Iterator[str]:
    """The variables of the server."""
    told = told_settings()
    yield "## Settings\n"
    yield "Each from its variable; options of a command go before it.\n"
    yield "| variable | usually | what |\n|---|---|---|"
    for one in fields(Settings):
        usual = "" if one.default in ("", None) else f"`{one.default}`"
        yield f"| `TENTQUEUE_{one.name.upper()}` | {usual} | {told[one.name]} |"


def each_command(group: click.Group, path: str = "tentqueue") -> Iterator[tuple[str, str]]:
    """Every command's words and the first sentence of its help."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from each_command(command, f"{path} {name}")
        else:
            yield f"{path} {name}", sentence(command.help)


def command_line() -> Iterator[str]:
    """The commands of a terminal."""
    yield "\n## Command line\n"
    yield "`--help` on each tells its options, with an example.\n"
    yield "| command | what it does |\n|---|---|"
    for words, what in each_command(cli):
        yield f"| `{words}` | {what} |"


def numbers() -> Iterator[str]:
    """The rules with unit, bounds and number."""
    yield "\n## Numbers an organiser may set\n"
    yield "Under `[rules]` of the event file; *medical* ones wait for the medical lead.\n"
    yield "| name | usually | from | to | unit | what | rule |\n|---|---|---|---|---|---|---|"
    usual = TentRules()
    for name, spec in specs(TentRules).items():
        yield number(name, getattr(usual, name), spec.metadata)
    yield "\nUnder `[lane.NAME]`, by lane:\n"
    lanes = " | ".join(LANE_DEFAULTS)
    yield f"| name | {lanes} | from | to | unit | what |\n|---|---|---|---|---|---|---|---|"
    for name, spec in specs(LaneRules).items():
        each = " | ".join(f"{getattr(rules, name):g}" for rules in LANE_DEFAULTS.values())
        said = spec.metadata
        bounds = f"{said['low']:g} | {said['high']:g} | {said['unit']} | {said['why']}"
        yield f"| `{name}` | {each} | {bounds} |"


def number(name: str, usual: float, said: Mapping[str, Any]) -> str:
    """One rule's line."""
    value, bounds = f"{usual:g}", " | "
    if isinstance(usual, bool):
        value = str(usual).lower()
    else:
        bounds = f"{said['low']:g} | {said['high']:g}"
    medical = ", medical" if said["rule"] in MEDICAL else ""
    rule = f"[{said['rule']}](rules.md#rule-{said['rule']}){medical}"
    return f"| `{name}` | {value} | {bounds} | {said['unit']} | {said['why']} | {rule} |"


def asked() -> Iterator[str]:
    """Everything that can be asked of the tent."""
    yield "\n## What can be asked\n"
    yield "From `tentqueue/domain/commands.py`; `decide` answers with events or a refusal.\n"
    yield "| command | what |\n|---|---|"
    for kind in kinds(commands, commands.Command):
        yield f"| `{kind.__name__}` | {own_words(kind)} |"


def happened() -> Iterator[str]:
    """Everything that can have happened."""
    yield "\n## What can happen\n"
    yield "The entries of the journal, by `type`; each has `at`. Never a name or an answer.\n"
    yield "| event | what | holds |\n|---|---|---|"
    for kind in kinds(events, events.Event):
        held = ", ".join(f"`{one.name}`" for one in fields(kind) if one.name != "at")
        yield f"| `{kind.__name__}` | {own_words(kind)} | {held} |"


def refused() -> Iterator[str]:
    """Every refusal's code and title."""
    yield "\n## What can be refused\n"
    yield "The `code` is stable; a sentence beside it says what to do next, in the asker's words.\n"
    yield "| code | title |\n|---|---|"
    for kind in kinds(errors, errors.Refusal):
        yield f"| `{kind.code}` | {kind.title} |"


def written() -> str:
    """The whole page."""
    parts = (settings(), command_line(), numbers(), asked(), happened(), refused())
    return "\n".join([HEAD, *(line for part in parts for line in part)]) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
