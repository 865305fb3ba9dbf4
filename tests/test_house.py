"""The house inspects itself: imports point inwards, rooms stay small, words are the tent's."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tentqueue"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts)
DEPTH = {
    "domain": 0,
    "services": 1,
    "screens": 1,
    "simulation": 2,
    "storage": 2,
    "web": 2,
    "live": 2,
}
ALLOWED_IN_DOMAIN = {"tentqueue", "numpy", "__future__"}


def room(path: Path) -> str:
    """The first folder or module under the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Dotted names that a module imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_inwards(path: Path) -> None:
    mine = room(path)
    for name in imported(path):
        if not name.startswith("tentqueue.") or mine not in DEPTH:
            continue
        other = name.split(".")[1]
        if other in DEPTH and other != mine:
            assert DEPTH[other] < DEPTH[mine], f"{mine} imports {name}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=lambda p: p.name)
def test_the_domain_imports_only_itself_and_the_standard_library(path: Path) -> None:
    tops = {name.split(".")[0] for name in imported(path)}
    assert tops - ALLOWED_IN_DOMAIN <= set(sys.stdlib_module_names)
    assert not any(
        n.startswith("tentqueue.") and not n.startswith("tentqueue.domain") for n in imported(path)
    )


LONGEST_ROOM = 250
"""Lines of a module; none is longer."""


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_rooms_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_ROOM, "a noun wants a room of its own"
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, node.name
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            own = [one for one in given if one.arg not in ("self", "cls")]
            assert len(own) <= 5 or node.decorator_list, f"{node.name} takes too much"


SCRIPTS = ROOT / "static" / "js"


@pytest.mark.parametrize(
    "path", sorted(SCRIPTS.rglob("*.js")), ids=lambda p: str(p.relative_to(SCRIPTS))
)
def test_rooms_of_the_screens_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_ROOM, "a noun wants a room of its own"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_module_says_what_it_is(path: Path) -> None:
    text = path.read_text()
    assert not text.strip() or ast.get_docstring(ast.parse(text))


def untold(body: list[ast.stmt], inside: str = "") -> list[str]:
    """Public classes and functions without a docstring. A refusal's title says it, and so does
    the signature of what a protocol asks for."""
    found = []
    for node in body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef)) or node.name.startswith("_"):
            continue
        asked = isinstance(node.body[-1], ast.Expr) and ast.unparse(node.body[-1]) == "..."
        titled = isinstance(node, ast.ClassDef) and ast.unparse(node.body[0]).startswith("code, ")
        if not (ast.get_docstring(node) or asked or titled):
            found.append(inside + node.name)
        if isinstance(node, ast.ClassDef):
            found += untold(node.body, f"{node.name}.")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_everything_public_says_what_it_does(path: Path) -> None:
    assert untold(ast.parse(path.read_text()).body) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_clock_reads_the_time(path: Path) -> None:
    if path.name in ("clock.py",) or room(path) in ("storage", "demo", "practice"):
        return
    assert not re.search(r"datetime\.now\(|time\.time\(", path.read_text())


def test_no_room_is_named_after_nothing() -> None:
    banned = {"utils", "helpers", "manager", "common", "misc"}
    assert not {p.stem for p in MODULES} & banned


def test_a_screen_is_one_noun_found_in_the_same_place_everywhere() -> None:
    for noun in ("join", "ticket", "desk", "tablet", "board", "organiser"):
        for place in (
            f"templates/{noun}.html",
            f"static/js/screens/{noun}.js",
            f"static/css/screens/{noun}.css",
            f"tests/screens/test_{noun}_page.py",
            f"docs/pictures/{noun}.png",
        ):
            assert (ROOT / place).is_file(), place


def test_the_readme_shows_a_picture_of_each_screen() -> None:
    readme = (ROOT / "README.md").read_text()
    for noun in ("join", "ticket", "desk", "tablet", "board", "organiser"):
        assert f"docs/pictures/{noun}.png" in readme, noun


def test_every_module_of_the_domain_is_asked_by_a_test_of_its_own() -> None:
    tests = "\n".join(p.read_text() for p in (ROOT / "tests" / "domain").rglob("test_*.py"))
    for path in sorted((PACKAGE / "domain").glob("*.py")):
        own = ROOT / "tests" / "domain" / f"test_{path.stem}.py"
        named = re.search(rf"domain(\.{path.stem}\b| import [^\n]*\b{path.stem}\b)", tests)
        assert own.is_file() or named or path.stem in ALONE, path.name


ALONE = {"__init__", "command", "event", "value"} | {
    f"{part}_{kind}" for part in ("book", "duty", "steering") for kind in ("commands", "events")
}
"""Bases and parts of what is imported under another name."""
SAID_OTHERWISE = {
    "masseu": "therapist",
    "customer": "runner",
    "client": "runner",
    "couch": "table",
    "practitioner": "therapist",
    "appointment_slot": "slot",
}


def test_one_word_is_one_thing_in_the_domain() -> None:
    for path in sorted((PACKAGE / "domain").rglob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text()))
        names = {getattr(n, "name", None) or getattr(n, "id", None) for n in nodes}
        for name in filter(None, names):
            for other, word in SAID_OTHERWISE.items():
                assert other not in name.lower(), f"{path.name}: {name}; say {word}"


LAID_OUT_BY_SCREENS = {"page.html", "scan.html", "ticket_card.html"}
"""What no page shows by itself, and two whose looks are the desk's and the organiser's own: they
hang in the gallery within those."""
WITHIN_SCREENS = {"signed_out", "staff_top", "questions_aloud"} | {
    "staff_texts",
    "area_texts",
    "lane_name",
}
"""What only a framed screen of the gallery shows, and what is words alone."""


def test_every_component_is_in_the_gallery() -> None:
    gallery = (ROOT / "templates" / "gallery.html").read_text()
    for path in sorted((ROOT / "templates" / "components").glob("*.html")):
        elsewhere = path.name in LAID_OUT_BY_SCREENS
        assert f"components/{path.name}" in gallery or elsewhere, path.name


def test_every_piece_of_a_component_that_a_page_takes_stands_in_the_gallery() -> None:
    gallery = (ROOT / "templates" / "gallery.html").read_text()
    for page in sorted((ROOT / "templates").glob("*.html")):
        taken = re.findall(
            r'from "components/(\w+\.html)" import ([\w, ]+?) with', page.read_text()
        )
        for component, macros in taken:
            for macro in macros.split(", "):
                shown = component in LAID_OUT_BY_SCREENS or macro in WITHIN_SCREENS
                assert shown or f"{macro}(" in gallery, f"{component}: show {macro} in the gallery"


def test_sql_lives_in_storage_only() -> None:
    for path in MODULES:
        if room(path) != "storage":
            tops = {name.split(".")[0] for name in imported(path)}
            assert not tops & {"sqlite3", "sqlalchemy", "alembic"} or path.name in ("doctor.py",), (
                path
            )


def test_scripts_build_no_markup() -> None:
    for path in (ROOT / "static" / "js").rglob("*.js"):
        found = re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", path.read_text()
        )
        assert not found, f"{path.name}: {found and found.group(0)}"


def test_templates_hold_no_inline_script_or_style() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        found = re.search(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=", path.read_text())
        assert not found, f"{path.name}: {found and found.group(0)}"


def test_the_console_lists_every_command_that_a_module_brings() -> None:
    from importlib import import_module

    import click

    from tentqueue.cli import _MODULES, cli

    for module in set(_MODULES.values()):
        brought = click.Group()
        import_module(f"tentqueue.{module}").register(brought)
        listed = set(cli.list_commands(click.Context(cli)))
        assert set(brought.commands) <= listed, f"name them in cli.py: {module}"


def test_the_handbooks_reference_says_what_the_code_says() -> None:
    from tests import reference

    told = reference.FILE.read_text(encoding="utf-8")
    assert told == reference.written(), "run `make reference`, or python -m tests.reference"


def test_every_decision_is_in_the_index_under_its_own_number() -> None:
    folder = ROOT / "docs" / "adr"
    written = sorted(path.name for path in folder.glob("0*.md"))
    listed = re.findall(r"\]\((0\d+-[^)]+)\)", (folder / "index.md").read_text())
    assert listed == written, "add it to docs/adr/index.md"
    numbers = [name[:4] for name in written]
    assert len(set(numbers)) == len(numbers), "two decisions have one number"
    for name in written:
        assert (folder / name).read_text().startswith(f"# {int(name[:4])}. "), name


CONFLICTS = {"appointment_taken"}
"""Codes of refusals that name a field and are no fault of what was typed: somebody was quicker, or
the tent knows otherwise."""


def test_a_refusal_that_names_a_field_is_told_as_bad_input() -> None:
    from tentqueue.domain import errors
    from tentqueue.web.errors import INVALID, NOT_FOUND

    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            kind = getattr(errors, node.func.attr, None)
            if kind is None or not any(keyword.arg == "field" for keyword in node.keywords):
                continue
            known = {*INVALID, *NOT_FOUND, *CONFLICTS}
            assert kind.code in known, f"name {kind.code} in INVALID of web/errors.py: it is a 422"


def test_every_event_command_and_refusal_says_what_it_is() -> None:
    from tentqueue.domain import commands, errors, events
    from tests.reference import kinds, own_words

    for module, base in ((commands, commands.Command), (events, events.Event)):
        assert [k.__name__ for k in kinds(module, base) if not own_words(k)] == []
    for refusal in kinds(errors, errors.Refusal):
        assert re.fullmatch(r"[a-z_]+", refusal.code), refusal
        assert refusal.code != errors.Refusal.code
        assert refusal.title


def test_every_table_says_whether_a_wipe_empties_it_and_why_not() -> None:
    from tentqueue.storage.holdings import HOLDINGS, TELLING
    from tentqueue.storage.schema import metadata

    named = {holding.table.name for holding in HOLDINGS}
    missing = set(metadata.tables) - named
    assert not missing, f"add to storage/holdings.py, wiped=True if people are in them: {missing}"
    for holding in HOLDINGS:
        assert holding.wiped or holding.kept_because, holding.table.name
        assert holding.event in holding.table.c, holding.table.name
        about = [c for c in holding.table.c if any(part in c.name for part in TELLING)]
        staff = holding.table.name == "staff"
        assert holding.wiped or staff or not about, (
            f"{holding.table.name} keeps {about} but is not wiped: set wiped=True in holdings.py"
        )


def test_every_rule_an_organiser_may_set_is_kept_by_something() -> None:
    from tentqueue.domain.rules import LaneRules, TentRules, specs

    code = "\n".join(path.read_text() for path in MODULES if path.name != "rules.py")
    names = {*specs(LaneRules), *specs(TentRules)}
    unread = {name for name in names | {"cooldown_for"} if f".{name}" not in code}
    # Both cool-downs are read by `cooldown_for`.
    assert unread - {"cooldown_minutes", "heat_cooldown_minutes", "heat"} == set()


ROOMS_ELSEWHERE = {
    "practice": "demo",
    "domain/evolution": "domain/test_evolution.py",
    "services/event_file": "services/test_event_file.py",
    "services/invariants": "domain/test_invariants.py",
    "services/report": "report",
    "services/roster": "roster",
    "storage/migrations": "storage/test_migrations.py",
}
MODULES_ELSEWHERE = {
    "app": "web",
    "catalogues": "test_translations.py",
    "commands_event": "test_cli.py",
    "commands_import": "roster/test_import_command.py",
    "commands_keeping": "keeping/test_backup.py",
    "commands_plan": "simulation/test_commands.py",
    "commands_simulation": "simulation/test_commands.py",
    "console": "test_cli.py",
    "doctor": "test_cli.py",
    "driver": "test_fanout.py",
    "foundations": "web",
    "frames": "test_fanout.py",
    "handshake": "test_fanout.py",
    "house": "web",
    "live": "web/test_live.py",
    "opening": "keeping/test_move.py",
    "packets": "test_fanout.py",
    "people_table": "keeping/test_wipe.py",
    "printing": "paper/test_sheets.py",
    "process": "test_server.py",
    "receipt_printer": "web/test_receipt.py",
    "reporting": "report",
    "second_machine": "keeping/test_second_laptop.py",
    "sign_in_links": "web/test_signin.py",
    "staff_tokens": "web/test_auth.py",
    "tongues": "web/test_language.py",
    "views": "web/test_live.py",
    "webhook_sender": "keeping/test_webhooks.py",
    "wire": "test_fanout.py",
    "wsgi": "workers/test_gunicorn.py",
    "visit": "web/test_doctor.py",
}
"""Where the tests are of what is seen from outside only, or that belong to a story."""


def test_every_room_and_module_is_asked_where_its_name_or_this_list_says() -> None:
    tests = ROOT / "tests"
    rooms = {str(path.parent.relative_to(PACKAGE)) for path in MODULES} - {"."}
    for room_name in sorted(rooms):
        own = tests / ROOMS_ELSEWHERE.get(room_name, room_name)
        assert own.exists(), f"{room_name}: no {own}; say in ROOMS_ELSEWHERE where its tests are"
    for path in sorted(PACKAGE.glob("[!_]*.py")):
        own = tests / MODULES_ELSEWHERE.get(path.stem, f"test_{path.stem}.py")
        assert own.exists(), f"{path.name}: no {own}; say in MODULES_ELSEWHERE where its tests are"
