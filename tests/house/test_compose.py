"""The compose file: what it promises about images, ports, users and health, and that docker accepts it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = {"concord"}


def test_the_services_are_there():
    assert set(SERVICES) == {"qdrant", "postgres", "concord"}
    assert SERVICES["concord"]["profiles"] == ["service"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_are_pinned_to_a_version(name):
    assert re.search(r":v?\d+\.\d+(\.\d+)?(-[a-z]+)?$", SERVICES[name]["image"])


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_ports_are_open_to_this_machine_alone(name):
    for port in SERVICES[name].get("ports", []):
        assert port.startswith("127.0.0.1:")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nothing_runs_as_root_or_can_become_it(name):
    service = SERVICES[name]
    assert "unprivileged" in service["image"] or service["user"] not in {"root", "0", 0}
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - OURS))
def test_services_that_stay_up_say_whether_they_are_well(name):
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_every_named_volume_is_declared_and_used():
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert {name for name in mounted if not name.startswith("$")} == set(COMPOSE["volumes"])


def test_every_variable_is_in_the_example_with_the_default_of_the_file():
    used = dict(re.findall(r"(?<!\$)\$\{(\w+):-([^}]*)\}", TEXT))
    example = (ROOT / ".env.example").read_text("utf-8")
    assert used == dict(re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE))


def test_secrets_have_no_default():
    for line in TEXT.splitlines():
        if re.search(r"(PASSWORD|KEY): ", line):
            assert re.search(r"\$\{\w+:-\}$", line), line


def test_the_image_is_left_as_an_ordinary_user():
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in {"root", "0"}
    assert all(re.search(r":\d+\.\d+\.\d+-", line) for line in lines if line.startswith("FROM "))


def test_the_image_can_copy_what_it_copies():
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for path in line.split()[1:-1]:
                assert f"!{path}" in ignored
                assert (ROOT / path).exists(), path


def test_docker_accepts_it():
    if shutil.which("docker") is None:
        pytest.skip("no docker here")
    command = ["docker", "compose"]
    if subprocess.run([*command, "version"], capture_output=True, check=False).returncode:
        pytest.skip("no docker compose here")
    done = subprocess.run([*command, "config", "-q"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
