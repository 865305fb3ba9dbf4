"""`make messages`: gather every text of the templates and the sentences of the code, and bring each
language's catalogue up to date. It adds texts to translate and takes unused ones away; it never
translates, and never guesses.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from tentqueue import assets
from tentqueue.catalogues import SOURCE, path_of
from tentqueue.domain import errors
from tentqueue.domain.languages import LANGUAGES, STAFF_LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = assets.find("templates")
REFUSALS = {name: None for name, _ in inspect.getmembers(errors, inspect.isclass)}
IN_CODE = {"Said": None, "counted": (1, 2), "Problem": (2,), **REFUSALS}
IN_TEMPLATES = {"_": None, "forms": (1, 2)}
WRITTEN = datetime(2027, 4, 25, tzinfo=UTC)
"""One date in every catalogue: a new one each time would be a change in each."""
STAFF_ONLY = (
    "templates/access.html",
    "templates/components/staff.html",
    "templates/components/ticket_card.html",
    "templates/components/timeline.html",
    "templates/desk.html",
    "templates/doctor.html",
    "templates/event.html",
    "templates/organiser.html",
    "templates/records.html",
    "templates/report.html",
    "templates/roster.html",
    "templates/setup.html",
    "templates/signin.html",
    "templates/tablet.html",
    "templates/webhooks.html",
    "tentqueue/doctor.py",
    "tentqueue/domain/duty.py",
    "tentqueue/domain/keeping.py",
    "tentqueue/domain/shift.py",
    "tentqueue/domain/steering.py",
    "tentqueue/domain/treatment.py",
    "tentqueue/domain/writing_up.py",
    "tentqueue/report_words.py",
    "tentqueue/screens/alerts.py",
    "tentqueue/screens/readiness.py",
    "tentqueue/screens/sentence.py",
    "tentqueue/services/event_file/sanity.py",
    "tentqueue/services/report/charts.py",
    "tentqueue/services/report/headline.py",
    "tentqueue/services/report/tables.py",
    "tentqueue/services/roster/check.py",
    "tentqueue/services/roster/columns.py",
    "tentqueue/services/roster/lists.py",
    "tentqueue/services/roster/reading.py",
    "tentqueue/services/roster/source.py",
    "tentqueue/services/roster/telling.py",
    "tentqueue/services/roster/times.py",
    "tentqueue/services/treatment_record.py",
    "tentqueue/views.py",
    "tentqueue/visit.py",
    "tentqueue/web/accounts.py",
    "tentqueue/web/audience.py",
    "tentqueue/web/auth.py",
    "tentqueue/web/doctor.py",
    "tentqueue/web/enrolment.py",
    "tentqueue/web/event_setup.py",
    "tentqueue/web/front.py",
    "tentqueue/web/health.py",
    "tentqueue/web/hooks.py",
    "tentqueue/web/keeping.py",
    "tentqueue/web/lists.py",
    "tentqueue/web/papers.py",
    "tentqueue/web/pins.py",
    "tentqueue/web/record.py",
    "tentqueue/web/report.py",
    "tentqueue/web/signing.py",
    "tentqueue/webhook_sender.py",
)
"""What only staff read: translated into their languages, not into all that runners read."""


def texts() -> Catalog:
    """Every text there is to translate, with the files it stands in."""
    found = Catalog(project="tentqueue", charset="utf-8", fuzzy=False)
    code = extract_from_dir(
        ROOT / "tentqueue", [("**.py", "python")], keywords=IN_CODE, comment_tags=()
    )
    screens = extract_from_dir(
        TEMPLATES,
        [("gallery.html", "ignore"), ("**.html", "jinja2")],
        keywords=IN_TEMPLATES,
        comment_tags=(),
    )
    for folder, parts in (("tentqueue", code), ("templates", screens)):
        for name, _, words, _, _ in parts:
            if isinstance(words, tuple) or words.strip():
                found.add(words, locations=[(f"{folder}/{Path(name).as_posix()}", None)])
    return found


def wanted(language: str, everything: Catalog) -> Iterator[Message]:
    """What a language must have: everything, or all but what only staff read."""
    for message in everything:
        places = [place for place, _ in message.locations]
        if message.id and (
            language in STAFF_LANGUAGES or any(place not in STAFF_ONLY for place in places)
        ):
            yield message


def refusals() -> Iterator[tuple[Path, ast.Call]]:
    """Each place of the code that makes a refusal."""
    for path in sorted((ROOT / "tentqueue").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in REFUSALS and name != "Said":
                    yield path, node


def catalogue(language: str) -> Catalog:
    """A language's catalogue as it lies in the repository; empty when there is none."""
    path = path_of(SOURCE, language, "po")
    if not path.is_file():
        return Catalog(language, project="tentqueue", charset="utf-8", fuzzy=False)
    with path.open("rb") as written:
        return read_po(written, language)


def brought_up_to_date(language: str, everything: Catalog) -> Catalog:
    """The catalogue with what is wanted now: known translations kept, the rest empty."""
    old = catalogue(language)
    new = Catalog(
        language,
        project="tentqueue",
        charset="utf-8",
        fuzzy=False,
        creation_date=WRITTEN,
        revision_date=WRITTEN,
    )
    new.header_comment = f"# tentqueue in {LANGUAGES[language]}; docs/languages.md says how.\n#"
    for message in wanted(language, everything):
        known = old.get(message.id)
        flags = known.flags if known else set()
        places = sorted({(place, None) for place, _ in message.locations})
        kept = known.string if known else ("" if isinstance(message.id, str) else ())
        new.add(message.id, kept, locations=places, flags=flags - {"python-format"})
    return new


def main() -> None:
    """Write every catalogue and say what is left to translate."""
    everything = texts()
    for language in list(LANGUAGES)[1:]:
        new = brought_up_to_date(language, everything)
        path = path_of(SOURCE, language, "po")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as written:
            write_po(written, new, width=100, omit_header=False, sort_output=True)
        missing = sum(message.id != "" and not any(message.string) for message in new)
        print(f"{language}: {len(new)} texts, {missing} to translate")


if __name__ == "__main__":
    main()
