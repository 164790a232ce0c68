"""The service against its own OpenAPI: generated requests get documented answers, and never a 5xx."""

import subprocess
import sys
import threading
import time
from contextlib import suppress
from itertools import product

import jsonschema_rs
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

RULES = """\
[checks.positive_data_acceptance]
# What no schema says: a day that is still to come, messages without a question, a proposal that was decided on already.
expected-statuses = ["2xx", 401, 403, 404, 409, 422, 429]
[checks.negative_data_rejection]  # 413 beside what it knows
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]
"""
ANN = {"X-Concord-User": "ann"}


@pytest.fixture
def url(client):
    """The application on a socket of this machine."""
    server = uvicorn.Server(uvicorn.Config(client.app, port=0, lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_every_path_shows_what_it_takes_and_answers(client):
    schema = client.get("/openapi.json").json()
    parts, lacking, shown = schema["components"], [], 0
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            for each in operation.get("parameters", ()):
                jsonschema_rs.validate({**each["schema"], "components": parts}, each["example"])
            answers = (each for status, each in operation["responses"].items() if status.startswith("2"))
            for media in (operation.get("requestBody", {}), *answers):
                for kind, told in media.get("content", {}).items():
                    examples = _examples(told, parts["schemas"])
                    shown += len(examples)
                    lacking += [] if examples else [f"{method} {path} {kind}"]
                    for example in examples:
                        jsonschema_rs.validate({**told["schema"], "components": parts}, example)
    assert lacking == []
    assert shown > 50


def _examples(media, parts):
    """The examples of a body: its own, else those of its schema."""
    part = media["schema"]
    named = parts[part["$ref"].rpartition("/")[2]] if "$ref" in part else part
    return [media["example"]] if "example" in media else named.get("examples", [])


def test_examples_of_bodies_are_what_their_schemas_say(client):
    parts = client.get("/openapi.json").json()["components"]
    shown = [(part, example) for part in parts["schemas"].values() for example in part.get("examples", ())]
    assert len(shown) > 20
    for part, example in shown:
        jsonschema_rs.validate({**part, "components": parts}, example)


def test_generated_requests(client, url):
    """All checks of schemathesis, on requests by the schema and against it."""
    client.app.state.rates._size = 1_000_000
    config, told = schemathesis.Config.from_str(RULES), {}
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json(), config=config)
    for found, mode in product(schema.get_all_operations(), GenerationMode):
        operation = found.ok()

        @settings(
            max_examples=5,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            answer = case.call(base_url=url, headers=ANN)
            told.setdefault(case.operation.label, set()).add(answer.status_code)
            case.validate_response(answer, headers=ANN)

        with suppress(Unsatisfiable):  # what takes no parameters cannot be asked wrongly
            ask()
    assert len(told) >= 16
    assert all(status < 500 for statuses in told.values() for status in statuses)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_campaign(client, url, tmp_path):
    """`schemathesis run` as anybody would run it: examples, limits of values, random requests, and chains of them."""
    client.app.state.rates._size = 1_000_000
    rules = tmp_path / "schemathesis.toml"
    rules.write_text(RULES)
    command = [
        "-m",
        "schemathesis.cli",
        "--config-file",
        str(rules),
        "run",
        f"{url}/openapi.json",
        "--checks",
        "all",
        "--max-examples",
        "100",
    ]
    options = ["--header", "X-Concord-User: ann", "--seed", "1", "--mode", "all", "--suppress-health-check", "all"]
    done = subprocess.run(
        [sys.executable, *command, *options], capture_output=True, text=True, timeout=3000, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, "\n".join(line[:300] for line in done.stdout.splitlines())
