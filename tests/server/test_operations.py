"""What those who run the page see of it: health, numbers, logs; and that it calls nobody."""

import json
import logging
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import parse
from playground.gate.seats import Gate
from playground.routes import live
from playground.runs.disk.record import Record
from playground.runs.jobs import Jobs
from playground.runs.limits import HOSTED, OPEN, Limits
from playground.server import health, logs, prometheus, serve
from playground.server.prometheus import Metrics
from playground.store.models import Store
from playground.styles import DEFAULT_CARDS
from playground.wire.packing import pack
from tests.support.training import ME


def test_the_page_is_ready_when_its_first_models_are(store: Store) -> None:
    early = Store()  # nothing has begun to load
    asked = TestClient(Starlette(routes=health.routes(early)))
    assert asked.get("/healthz").status_code == 200
    reply = asked.get("/readyz")
    assert reply.status_code == 503 and DEFAULT_CARDS[0] in reply.text

    for name in DEFAULT_CARDS:
        store.get(name)
    assert TestClient(Starlette(routes=health.routes(store))).get("/readyz").status_code == 200


def test_a_page_with_a_damaged_model_says_which_and_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / f"{DEFAULT_CARDS[0]}.safetensors").write_bytes(b"broken")
    store = Store(tmp_path)
    store.start()
    asked = TestClient(Starlette(routes=health.routes(store)))
    while "still being loaded" in (reply := asked.get("/readyz")).text:
        time.sleep(0.02)
    assert reply.status_code == 503 and "damaged" in reply.text


def test_a_folder_without_the_first_models_is_ready_without_them(tmp_path: Path) -> None:
    assert TestClient(Starlette(routes=health.routes(Store(tmp_path)))).get("/readyz").is_success


def test_a_folder_that_runs_cannot_be_kept_in_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where a folder should be")
    store = Store(tmp_path, jobs=Jobs(tmp_path / "file" / "runs"))
    reply = TestClient(Starlette(routes=health.routes(store))).get("/readyz")
    assert reply.status_code == 503
    assert str(tmp_path / "file" / "runs") in reply.text and "VAE_RUNS" in reply.text


def test_asking_whether_runs_can_be_kept_leaves_nothing(tmp_path: Path) -> None:
    assert health.unwritable(tmp_path / "a" / "b") == "" and not any(tmp_path.iterdir())


def test_metrics_count_requests_by_route_and_status(store: Store, tmp_path: Path) -> None:
    metrics = Metrics(Jobs(tmp_path))
    routes = [*map(metrics.watch, live.routes(store)), metrics.route()]
    asked = TestClient(Starlette(routes=routes))
    for content in (*2 * [pack({"owner": ME})], b"nonsense"):
        asked.post("/live/about-runs", content=content)

    numbers = read(asked.get("/metrics").text)
    at = {"route": "/live/about-runs"}
    assert numbers["playground_requests_total", frozenset({**at, "status": "200"}.items())] == 2
    assert numbers["playground_requests_total", frozenset({**at, "status": "400"}.items())] == 1
    assert numbers["playground_request_seconds_count", frozenset(at.items())] == 3
    assert numbers["playground_runs", frozenset({("state", "queued")})] == 0
    if sys.platform == "linux":  # elsewhere the client does not know
        assert numbers["process_resident_memory_bytes", frozenset()] > 2**20


def test_metrics_count_the_requests_that_were_dropped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Gate(seats=0)
    for module in (live, prometheus):
        monkeypatch.setattr(module, "GATE", full)
    metrics = Metrics(store.jobs)
    asked = TestClient(Starlette(routes=[*live.routes(store), metrics.route()]))
    reply = asked.get("/live/train-options")
    assert reply.status_code == 503 and int(reply.headers["retry-after"]) > 0
    numbers = read(asked.get("/metrics").text)
    assert numbers["playground_dropped_requests_total", frozenset({("reason", "full")})] == 1


def test_metrics_count_the_runs_that_wait(store: Store, tmp_path: Path) -> None:
    metrics = Metrics(Jobs(tmp_path))
    (tmp_path / "aaaaaaaaaaaaaaaaaaaaaa").mkdir()
    Record(queued=1).write(tmp_path / "aaaaaaaaaaaaaaaaaaaaaa")
    asked = TestClient(Starlette(routes=[metrics.route()]))
    numbers = read(asked.get("/metrics").text)
    assert numbers["playground_runs", frozenset({("state", "queued")})] == 1


def read(text: str) -> dict[tuple[str, frozenset], float]:
    """What Prometheus makes of it: values by name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_there_are_no_metrics_and_no_json_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GRADIO_ROOT_PATH", raising=False)
    options = parse([])
    assert (options.metrics, options.json_logs, options.root_path) == (False, False, None)


@pytest.mark.parametrize(
    ("flags", "limits"),
    [
        ([], OPEN),
        (["--host", "::1"], OPEN),
        (["--hosted"], HOSTED),
        (["--share"], HOSTED),
        (["--host", "0.0.0.0"], HOSTED),
        (["--host", "192.168.0.7"], HOSTED),
        (["--host", "0.0.0.0", "--hosted", "--trusted"], HOSTED),
        (["--host", "0.0.0.0", "--trusted"], replace(OPEN, folders=False)),
        (["--share", "--trusted"], replace(OPEN, folders=False)),
    ],
)
def test_where_others_reach_the_page_there_are_limits_for_strangers(
    flags: list[str], limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GRADIO_SERVER_NAME", "SPACE_ID"):
        monkeypatch.delenv(name, raising=False)
    found = []

    def launched(store: Store, *_: object) -> None:
        found.append(store.jobs.limits)
        raise OSError  # which ends it

    monkeypatch.setattr(serve, "launched", launched)
    with pytest.raises(SystemExit):
        serve.serve(**vars(parse(flags)))
    assert found == [limits]


def test_a_record_is_one_line_of_json_with_its_traceback() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        failed = sys.exc_info()
    record = logging.LogRecord("playground", logging.ERROR, "", 0, "it %s", ("broke",), failed)
    text = logs.JsonLines().format(record)
    line = json.loads(text)
    assert "\n" not in text
    assert (line["level"], line["logger"], line["message"]) == ("error", "playground", "it broke")
    assert "ValueError: two\nlines" in line["traceback"]
