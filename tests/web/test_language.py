"""Everyone is spoken to in the language they chose, or that their browser asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import render_template_string
from flask_babel import force_locale

from tentqueue.domain.languages import LANGUAGES
from tentqueue.tongues import formats
from tentqueue.web.language import forms
from tests.web.outside import Outside

HERE = "/riverside-half"


@pytest.mark.parametrize(
    ("asked", "tag", "direction"),
    [
        ("en", "en", "ltr"),
        ("en-GB,en;q=0.8", "en", "ltr"),
        ("de-AT,fr;q=0.5", "de", "ltr"),
        ("la,pt-BR;q=0.8", "pt", "ltr"),
        ("zh-TW", "zh-Hans", "ltr"),
        ("ar-EG", "ar", "rtl"),
        ("x" * 200, "en", "ltr"),
        ("", "en", "ltr"),
    ],
)
def test_a_page_speaks_as_the_browser_asks(
    outside: Outside, asked: str, tag: str, direction: str
) -> None:
    page = outside.client.get(HERE, headers={"Accept-Language": asked}).text
    assert f'<html lang="{tag}" dir="{direction}"' in page


def test_the_chosen_language_is_remembered_and_leaves_the_address(outside: Outside) -> None:
    answer = outside.client.get(f"{HERE}?lang=fr&find", headers={"Accept-Language": "de"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}?find")
    again = outside.client.get(HERE, headers={"Accept-Language": "de"}).text
    assert '<html lang="fr"' in again


@pytest.mark.parametrize("wanted", ["xx", "", "en%0d%0aSet-Cookie:a=b", "FR"])
def test_a_language_nobody_speaks_changes_nothing(outside: Outside, wanted: str) -> None:
    answer = outside.client.get(f"{HERE}?lang={wanted}")
    assert answer.status_code == 200
    assert "language=" not in str(answer.headers.getlist("Set-Cookie"))


def test_choosing_a_language_never_leads_to_another_site(outside: Outside) -> None:
    answer = outside.client.get("//elsewhere.example/?lang=de")
    assert not answer.headers.get("Location", "/").startswith("//")


def test_templates_hand_their_words_to_the_translation(outside: Outside) -> None:
    with outside.app.test_request_context("/"), force_locale("ar"):
        page = render_template_string(
            "{{ direction_of(language) }} {{ _('Hello %(name)s', name='<Ana>') }}"
        )
    assert page == "rtl Hello &lt;Ana&gt;"


def test_every_screen_hands_its_title_to_the_translation() -> None:
    folder = Path(__file__).parents[2] / "templates"
    frames = {"base.html", "docs.html", "gallery.html"}
    for template in folder.glob("*.html"):
        text = template.read_text("utf-8")
        title = text.partition("{% block title %}")[2].partition("{% endblock %}")[0]
        spoken = "_(" in title or "words[0]" in title or "event.name" in title
        assert spoken or template.name in frames, template.name


def test_times_are_written_as_where_the_race_is() -> None:
    assert formats("en", "Europe/London") == "en-GB"
    assert formats("en", "America/Chicago") == "en-US"
    assert formats("nl", "America/Chicago") == "nl"
    assert formats("zh", "Europe/London") == "zh-Hans"
    assert formats("ar", "Europe/London") == "ar-u-nu-latn"


def test_a_counted_sentence_has_every_plural_form_of_its_language(outside: Outside) -> None:
    tongues = outside.app.extensions["tongues"]
    names = {language: set(forms(tongues.of(language), "a", "b")) for language in LANGUAGES}
    assert names["ar"] == {"zero", "one", "two", "few", "many", "other"}
    assert names["ja"] == names["zh"] == {"other"}
    assert names["de"] == {"one", "other"}
