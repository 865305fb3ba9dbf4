"""English now; another language is one catalogue away."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import render_template_string
from flask_babel import force_locale

from tests.web.outside import Outside


@pytest.mark.parametrize("wanted", ["en", "en-GB,en;q=0.8", "de,fr;q=0.5", "x" * 200, ""])
def test_a_page_says_which_language_it_speaks(outside: Outside, wanted: str) -> None:
    page = outside.client.get("/riverside-half", headers={"Accept-Language": wanted}).text
    assert '<html lang="en" dir="ltr"' in page


def test_templates_hand_their_words_to_the_translation(outside: Outside) -> None:
    with outside.app.test_request_context("/"), force_locale("ar"):
        page = render_template_string(
            "{{ text_direction }} {{ _('Hello %(name)s', name='<Ana>') }}"
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
