"""In which language somebody is spoken to: the one they chose, else the first their browser asks
for that tentqueue speaks, else English. Knows no words: those are in `translations/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from flask import Flask, Request, Response, current_app, redirect, request
from flask_babel import Babel, get_locale, gettext
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response as BaseResponse

from tentqueue.domain.languages import LANGUAGES, STAFF_LANGUAGES
from tentqueue.tongues import Tongue, Tongues, formats, tag_of
from tentqueue.web.sent import sent

COOKIE = "language"
KEPT_FOR_S = 365 * 24 * 3600
STAFF_SCREENS = frozenset({"tablet", "desk", "organiser", "signin"})
STAFF_PAGES = frozenset(
    {
        "pages.staff",
        "pages.signin",
        "pages.setup",
        "report.page",
        "report.printed",
        "keeping.records",
        "lists.page",
        "access.page",
        "hooks.page",
        "doctor.page",
    }
)


def heard_by(tongues: Tongues, environ: Mapping[str, Any], staff: bool) -> Tongue:
    """What the browser behind a WSGI environment is spoken to in."""
    return tongues.of(_chosen(Request(dict(environ)), staff))


def language_of(asked: Request) -> str:
    """Choose for a request; staff's screens speak fewer languages."""
    return _chosen(asked, _by_staff(asked))


def _chosen(asked: Request, staff: bool) -> str:
    spoken = STAFF_LANGUAGES if staff else tuple(LANGUAGES)
    environ = asked.environ
    chosen = asked.cookies.get(COOKIE, "") if "HTTP_COOKIE" in environ else ""
    return chosen if chosen in spoken else _first(environ.get("HTTP_ACCEPT_LANGUAGE", ""), spoken)


@lru_cache(maxsize=1024)
def _first(accepted: str, spoken: tuple[str, ...]) -> str:
    """The first accepted language that is spoken. Few headers are ever seen; reading one takes
    longer than saying the sentence."""
    # The stock matching would take a second choice before a region of the first.
    tags = parse_accept_header(accepted, LanguageAccept)
    wanted = (tag.partition("-")[0].lower() for tag, _ in tags)
    return next((tag for tag in wanted if tag in spoken), "en")


def _by_staff(asked: Request) -> bool:
    return asked.endpoint in STAFF_PAGES or asked.headers.get("Tentqueue-Screen") in STAFF_SCREENS


def teller(language: str) -> Callable[[str], str]:
    """Something to say sentences with once the request is over."""
    tongues: Tongues = current_app.extensions["tongues"]
    return tongues.of(language).tell


def tongue() -> Tongue:
    """What whoever sent the request is spoken to in."""
    tongues: Tongues = current_app.extensions["tongues"]
    return tongues.of(language_of(sent()))


def tell(sentence: str) -> str:
    """Say a sentence to whoever sent the request."""
    return tongue().tell(sentence)


def install(app: Flask, folder: Path) -> Tongues:
    """Give the templates their words, and every request its language."""
    tongues = Tongues(folder)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    Babel(app, locale_selector=lambda: language_of(request))
    app.extensions["tongues"] = tongues
    app.jinja_env.globals |= {
        "_": gettext,
        "forms": lambda one, many: forms(tongues.of(_spoken()), one, many),
        "tongue": tongues.of,
        "day": day,
        "LANGUAGES": LANGUAGES,
        "tag_of": tag_of,
        "direction_of": direction_of,
        "formats": formats,
    }
    app.context_processor(lambda: {"language": _spoken()})
    app.before_request(_choose)
    return tongues


def _spoken() -> str:
    return str(get_locale() or "en")


def _choose() -> BaseResponse | None:
    """Remember the language of a link such as `?lang=de`, and take it out of the address."""
    if request.method != "GET" or request.path.startswith("/api/"):
        return None
    wanted = request.args.get("lang", "")
    if wanted not in LANGUAGES:
        return None
    asked = request.query_string.decode("latin-1").split("&")
    rest = "&".join(part for part in asked if not part.startswith("lang="))
    # One slash only: two would lead to another site.
    here = "/" + request.path.lstrip("/") + (f"?{rest}" if rest else "")
    answer = redirect(here, 303, Response)
    answer.set_cookie(
        COOKIE,
        wanted,
        max_age=KEPT_FOR_S,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return answer


def forms(tongue: Tongue, one: str, many: str) -> dict[str, str]:
    """A counted sentence by plural form, as browsers name them (`one`, `few`, `other`, …)."""
    plural = Locale.parse(tongue.language).plural_form
    found = {plural(n): tongue.words.ungettext(one, many, n) for n in reversed(range(200))}
    return {"other": tongue.words.ungettext(one, many, 100), **found}


def direction_of(language: str) -> str:
    """`ltr` or `rtl`."""
    return str(Locale.parse(language).text_direction)


def day(iso: str, zone: str = "") -> str:
    """A date in words."""
    tongues: Tongues = current_app.extensions["tongues"]
    return format_date(date.fromisoformat(iso), "long", tongues.of(_spoken()).locale(zone))
