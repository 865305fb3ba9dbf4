"""A server loads what it needs to serve, and nothing that it may never be asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

OF_LIBRARIES = {
    "PIL",
    "alembic",
    "clevercsv",
    "cryptography",
    "escpos",
    "fontTools",
    "fpdf",
    "matplotlib",
    "numpy",
    "psycopg",
    "pywebpush",
    "qrcode",
    "tomlkit",
}
OWN = {
    "tentqueue.commands_simulation",
    "tentqueue.demo",
    "tentqueue.doctor",
    "tentqueue.paper.receipt",
    "tentqueue.simulation",
    "tentqueue.web.answers",
    "tentqueue.web.openapi",
}
SERVE = """
from gevent import monkey
monkey.patch_all()
from tentqueue.app import create_app
from tentqueue.server import make_server
from tentqueue.settings import Settings
app = create_app(Settings(database={url!r}, ticks=False))
make_server(app, "127.0.0.1", 0)
assert app.test_client().get("/healthz").status_code == 200
import sys
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What a server has loaded when it has answered, on a database that was there before."""
    url = f"sqlite:///{tmp_path_factory.mktemp('lean') / 'tent.db'}"
    command = [sys.executable, "-c", SERVE.format(url=url)]
    for _ in range(2):
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return set(said.stdout.split())


@pytest.mark.parametrize("name", sorted(OF_LIBRARIES | OWN))
def test_a_server_that_serves_has_not_loaded(loaded: set[str], name: str) -> None:
    assert "tentqueue.web.serving" in loaded
    assert name not in loaded
