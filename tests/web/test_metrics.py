"""Each documented metric is there, and the other way round; the dashboard draws them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.web.outside import Outside

ROOT = Path(__file__).parents[2]
SUFFIX = re.compile(r"_(bucket|sum|count|created)$")


def served(outside: Outside) -> set[str]:
    """The names of what /metrics tells."""
    text = outside.client.get("/metrics").text
    return set(re.findall(r"^# TYPE (tentqueue_\w+)", text, re.M)) - {
        name for name in re.findall(r"^# TYPE (\w+)", text, re.M) if name.endswith("_created")
    }


def documented() -> set[str]:
    """The names in the table."""
    return set(re.findall(r"^\| `(tentqueue_\w+)`", (ROOT / "docs/metrics.md").read_text(), re.M))


def test_every_metric_is_documented_and_every_documented_one_is_there(outside: Outside) -> None:
    assert served(outside) == documented()


def test_the_dashboard_draws_every_metric_and_no_other() -> None:
    board = json.loads((ROOT / "deploy/grafana-dashboard.json").read_text())
    asked = " ".join(t["expr"] for panel in board["panels"] for t in panel["targets"])
    drawn = {SUFFIX.sub("", name) for name in re.findall(r"tentqueue_\w+", asked)}
    assert drawn == documented()


def test_lines_refusals_and_commits_are_counted(outside: Outside) -> None:
    outside.join(bib="7")
    outside.post("tickets", {"lane": "recovery", "consent": False}, who="desk:Eve")
    text = outside.client.get("/metrics").text
    slug = 'event="riverside-half"'
    assert f'tentqueue_tickets{{{slug},lane="recovery",state="waiting"}} 1.0' in text or (
        f'tentqueue_tickets{{{slug},lane="recovery",state="held"}} 1.0' in text
    )
    assert 'tentqueue_refusals_total{code="consent_needed"} 1.0' in text
    count = re.search(r"tentqueue_commit_seconds_count (\d+)", text)
    assert count is not None
    assert int(count.group(1)) >= 2
    assert "bib" not in text
