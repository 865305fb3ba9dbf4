"""What `deploy/` hands out: parsed here, and nginx run for real in front of a worker."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from tests.live_client import Screen
from tests.workers.crew import Crew, until
from tests.workers.test_gunicorn import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def documents(name: str) -> list[Any]:
    """The YAML documents of a file."""
    return list(yaml.safe_load_all((DEPLOY / name).read_text()))


def test_every_way_starts_the_workers_alike() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "tentqueue.service")
    (pods, _, _) = documents("kubernetes.yaml")
    container = pods["spec"]["template"]["spec"]["containers"][0]
    starts = [
        unit["Service"]["ExecStart"],
        " ".join(container["args"]),
        (DEPLOY / "Dockerfile").read_text().replace('", "', " "),
    ]
    for start in starts:
        assert "-k gevent" in start
        assert "--no-control-socket" in start
        assert "tentqueue.wsgi:app" in start
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_containers_get_their_secrets_from_outside() -> None:
    (compose,) = documents("compose.yaml")
    told = compose["services"]["tent"]["environment"]
    assert set(told) >= {"TENTQUEUE_DATABASE", "TENTQUEUE_PUBLIC_URL", "TENTQUEUE_KEYS"}
    assert "${POSTGRES_PASSWORD}" in told["TENTQUEUE_DATABASE"]
    assert "secretKeyRef" in (DEPLOY / "kubernetes.yaml").read_text()


def test_the_guide_names_each_file() -> None:
    guide = (DEPLOY.parent / "docs" / "deploy.md").read_text()
    for name in ("nginx.conf", "Caddyfile", "tentqueue.service", "compose.yaml", "kubernetes.yaml"):
        assert f"deploy/{name}" in guide


@pytest.fixture
def through_nginx(tmp_path: Path) -> Iterator[tuple[Crew, int]]:
    """A worker behind the nginx of `deploy/nginx.conf`, without its certificate; nginx's port."""
    if not Path(NGINX).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("no nginx; install Debian's package nginx-light")
        pytest.skip("no nginx; install Debian's package nginx-light")
    crew, port = Crew(f"sqlite:///{tmp_path / 'tent.db'}"), free_port()
    worker = crew.start()
    site = (DEPLOY / "nginx.conf").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{worker.port}")
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    site = "\n".join(line for line in site.splitlines() if "ssl_certificate" not in line)
    folder = Path(tempfile.mkdtemp(prefix="tent-nginx-"))
    whole = folder / "nginx.conf"
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {paths}\n{site}\n}}"
    )
    process = subprocess.Popen(
        [NGINX, "-p", str(folder), "-c", str(whole)], stderr=subprocess.DEVNULL
    )
    until(lambda: answers(port), 10)
    yield crew, port
    process.terminate()
    process.wait(10)
    crew.close()
    shutil.rmtree(folder, ignore_errors=True)


def answers(port: int) -> bool:
    """Whether nginx is there."""
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def test_sockets_and_commands_pass_the_proxy(through_nginx: tuple[Crew, int]) -> None:
    crew, port = through_nginx
    screen = Screen(port).join({"event": "riverside-half", "view": "board"})
    assert screen.view()["next"] == []
    crew.workers[0].port = port
    joined = crew.workers[0].join()
    assert joined.status_code == 201
    view = screen.view()
    while joined.json()["code"] not in view.get("next", []):
        view = screen.view()
