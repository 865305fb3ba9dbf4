"""In which language somebody is spoken to: the one they chose, else the first their browser asks
for that tentqueue speaks, else English. Knows no words: those are in `translations/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, localedata
from babel.core import get_global
from babel.dates import format_date
from babel.support import NullTranslations, Translations
from flask import Flask, Request, Response, current_app, redirect, request
from flask_babel import Babel, get_locale, gettext
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response as BaseResponse

from tentqueue.domain.languages import LANGUAGES, STAFF_LANGUAGES
from tentqueue.domain.said import Said

COOKIE = "language"
KEPT_FOR_S = 365 * 24 * 3600
STAFF_SCREENS = frozenset({"tablet", "desk", "organiser", "signin"})
STAFF_PAGES = frozenset(
    {
        "pages.staff",
        "pages.signin",
        "pages.setup",
        "report.page",
        "keeping.records",
        "lists.page",
        "access.page",
    }
)
TAGS = {"zh": "zh-Hans"}
"""What a browser calls a language, where it is not our name for it."""
LATIN_DIGITS = {"ar": "-u-nu-latn"}
"""Codes, bibs and the numbers on the tables are written in these digits: times must match them."""


@dataclass(frozen=True)
class Tongue:
    """One language and its words."""

    language: str
    words: NullTranslations

    def tell(self, sentence: str) -> str:
        """Say a sentence in this language; one nobody translated stays English."""
        said = sentence if isinstance(sentence, Said) else Said(sentence)
        return said.told(self._find)

    def _find(self, one: str, many: str, count: int) -> str:
        words = self.words
        return words.ungettext(one, many, count) if many else words.ugettext(one) if one else one


class Tongues:
    """Every language, from a folder of compiled catalogues."""

    def __init__(self, folder: Path) -> None:
        self._tongues = {
            language: Tongue(language, Translations.load(folder, [language]))
            for language in LANGUAGES
        }

    def of(self, language: str) -> Tongue:
        """The tongue of a language tentqueue speaks."""
        return self._tongues[language]

    def heard_by(self, environ: Mapping[str, Any], staff: bool) -> Tongue:
        """What the browser behind a WSGI environment is spoken to in."""
        return self.of(_chosen(Request(dict(environ)), staff))


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


def tell(sentence: str) -> str:
    """Say a sentence to whoever sent the request."""
    tongues: Tongues = current_app.extensions["tongues"]
    return tongues.of(language_of(request)).tell(sentence)


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


def tag_of(language: str) -> str:
    """A language as HTML names it."""
    return TAGS.get(language, language)


def direction_of(language: str) -> str:
    """`ltr` or `rtl`."""
    return str(Locale.parse(language).text_direction)


@cache
def formats(language: str, zone: str = "") -> str:
    """How times and numbers are written: the language, as it is spoken where the race is.

    English at a race in London writes 14:05 and in Chicago 2:05 PM; Dutch writes 14:05 at both.
    """
    territory = get_global("zone_territories").get(zone, "")
    known = territory and localedata.exists(f"{language}_{territory}")
    tag = f"{tag_of(language)}-{territory}" if known else tag_of(language)
    return tag + LATIN_DIGITS.get(language, "")


def day(iso: str, zone: str = "") -> str:
    """A date in words."""
    language = _spoken()
    locale = formats(language, zone).partition("-u-")[0]
    return format_date(date.fromisoformat(iso), "long", Locale.parse(locale, sep="-"))
