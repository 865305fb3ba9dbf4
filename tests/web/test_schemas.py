"""Whatever the document's schemas allow is answered as the document says, never by a 5xx."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tentqueue.staff_tokens import new_token
from tentqueue.web.openapi import document
from tests.web.inside import SLUG, Inside

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "600"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
OPERATIONS = sum(len(methods) for methods in document()["paths"].values())
EACH = max(4, REQUESTS // OPERATIONS)
NEVER = ("/api/v1/staff/passphrase", "/api/v1/staff/revoke", "/api/v1/staff/wipe")
"""Each would end the organiser who asks, or the event."""


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    folder: Path = tmp_path_factory.mktemp("fuzzed")
    house = Inside(folder)
    yield house
    house.house.close()


@pytest.fixture(scope="module")
def organiser(inside: Inside) -> str:
    """An organiser's token."""
    return new_token(inside.house.storage, inside.house.clock.now(), SLUG, "organiser")


_loaded = schemathesis.openapi.from_dict(document())


@pytest.mark.slow
@pytest.mark.timeout(3600)
@_loaded.exclude(path=list(NEVER)).parametrize()
@settings(
    max_examples=EACH,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_no_request_by_the_schemas_is_answered_but_as_promised(
    case: schemathesis.Case, inside: Inside, organiser: str
) -> None:
    for name, value in (("slug", SLUG), ("therapist", "ana")):
        if name in case.path_parameters:
            case.path_parameters[name] = value
    headers = {"Authorization": f"Bearer {organiser}", "Accept-Encoding": "identity"}
    answer = case.call(app=inside.app, base_url="http://tent", headers=headers)
    case.validate_response(answer, checks=CHECKS)
