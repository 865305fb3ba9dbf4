"""What `deploy/` hands out: parsed here, and nginx and Caddy run for real in front of a worker."""

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


def test_the_unit_is_one_that_systemd_understands(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze; install Debian's package systemd")
    unit = tmp_path / "tentqueue.service"
    told = (DEPLOY / "tentqueue.service").read_text()
    unit.write_text(told.replace("/opt/tentqueue/bin/gunicorn", "/bin/true"))
    looked = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60, check=False
    )
    about = [line for line in looked.stderr.splitlines() if unit.name in line]
    assert about == []
    assert "/var/cache/tentqueue" in told, "ProtectHome leaves no cache folder at home"


def test_the_cluster_reaches_the_workers_and_their_secret() -> None:
    pods, service, ingress = documents("kubernetes.yaml")
    assert [kind["kind"] for kind in (pods, service, ingress)] == [
        "Deployment",
        "Service",
        "Ingress",
    ]
    template = pods["spec"]["template"]
    labels = template["metadata"]["labels"]
    assert pods["spec"]["selector"]["matchLabels"] == labels == service["spec"]["selector"]
    (container,) = template["spec"]["containers"]
    (port,) = container["ports"]
    assert service["spec"]["ports"][0]["targetPort"] == port["containerPort"]
    backend = ingress["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert backend["name"] == service["metadata"]["name"]
    assert backend["port"]["number"] == service["spec"]["ports"][0]["port"]
    for probe in ("readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["port"] == port["containerPort"]
    (mount,), (volume,) = container["volumeMounts"], template["spec"]["volumes"]
    told = {item["name"]: item.get("value") for item in container["env"]}
    assert mount["name"] == volume["name"]
    assert told["TENTQUEUE_KEYS"].startswith(f"{mount['mountPath']}/")
    assert set(told) >= {"TENTQUEUE_DATABASE", "TENTQUEUE_PUBLIC_URL", "TENTQUEUE_PROXIES"}


def test_the_containers_refer_to_what_is_there() -> None:
    (compose,) = documents("compose.yaml")
    services = compose["services"]
    for service in services.values():
        assert set(service.get("depends_on", [])) <= set(services)
        assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= set(
            compose["volumes"]
        )
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
    (secret,) = services["tent"]["secrets"]
    assert services["tent"]["environment"]["TENTQUEUE_KEYS"] == f"/run/secrets/{secret}"
    built = services["tent"]["build"]
    assert (DEPLOY / built["context"] / built["dockerfile"]).is_file()
    assert "--to tent:8000" in services["caddy"]["command"]


def program(name: str, package: str) -> str:
    """Where a proxy is; skips without it, but never in CI."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        why = f"no {name}; install Debian's package {package}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
    assert found is not None
    return found


def nginx(folder: Path, port: int, worker: int) -> list[str]:
    """The nginx of `deploy/nginx.conf`, without its certificate."""
    site = (DEPLOY / "nginx.conf").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{worker}")
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    site = "\n".join(line for line in site.splitlines() if "ssl_certificate" not in line)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {paths}\n{site}\n}}"
    )
    return [program("nginx", "nginx-light"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, worker: int) -> list[str]:
    """The Caddy of `deploy/Caddyfile`, without its certificate."""
    site = (DEPLOY / "Caddyfile").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{worker}")
    assert "tent.example.org {" in site
    site = site.replace("tent.example.org {", f"http://127.0.0.1:{port} {{")
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + site)
    command = [program("caddy", "caddy"), "run", "--adapter", "caddyfile"]
    return [*command, "--config", str(folder / "Caddyfile")]


@pytest.fixture(params=[nginx, caddy], ids=lambda proxy: proxy.__name__)
def through_proxy(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Crew, int]]:
    """A worker behind a proxy as `deploy/` sets it up; the proxy's port."""
    folder, port = Path(tempfile.mkdtemp(prefix="tent-proxy-")), free_port()
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    request.param(folder, port, 1)
    crew = Crew(f"sqlite:///{tmp_path / 'tent.db'}")
    command = request.param(folder, port, crew.start().port)
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
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


def test_sockets_and_commands_pass_the_proxy(through_proxy: tuple[Crew, int]) -> None:
    crew, port = through_proxy
    screen = Screen(port).join({"event": "riverside-half", "view": "board"})
    assert screen.view()["next"] == []
    crew.workers[0].port = port
    joined = crew.workers[0].join()
    assert joined.status_code == 201
    view = screen.view()
    while joined.json()["code"] not in view.get("next", []):
        view = screen.view()
