"""In which language a page speaks: the first the browser and tentqueue share, else English."""

from __future__ import annotations

from flask import Flask, request
from flask_babel import Babel, get_locale, gettext

LANGUAGES = ("en",)


def install(app: Flask) -> None:
    """Give the templates `_`, `locale` and `text_direction`."""

    def chosen() -> str | None:
        return request.accept_languages.best_match(LANGUAGES, "en")

    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ""
    Babel(app, locale_selector=chosen)
    app.jinja_env.globals["_"] = gettext

    @app.context_processor
    def _spoken() -> dict[str, str]:
        locale = get_locale()
        direction = "ltr" if locale is None else locale.text_direction
        return {"locale": str(locale or "en"), "text_direction": direction}
