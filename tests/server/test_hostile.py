"""Strangers: whatever they send, they get an answer in words, and touch nothing but their runs."""

import http.client
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from playground.components import assets
from playground.routes.live import ANSWERS, routes
from playground.runs import downloads, process
from playground.runs.jobs import Jobs
from playground.runs.limits import HOSTED
from playground.runs.trainers import supervisor
from playground.server import serve
from playground.server.bodies import MANY_PARTS
from playground.server.door import FOREIGN, HOSTLESS, UNKNOWN
from playground.store.models import Store
from playground.wire.packing import FAULT, pack
from tests.browser.running import IDLE
from tests.support.hostile import (
    BRISK,
    PATHS,
    Request,
    framed,
    friendly,
    outside,
    spoilt,
    touched,
    values,
)
from tests.support.pictures import files, zipped
from tests.support.training import ME, OTHER, Pretended, recipe
from vae_core.models import build
from vae_core.training import checkpoints

ROOT = assets.HERE.parent.parent
SECRET = "the inside of a file that nobody may read"
ROUTES = {answer.name: answer for answer in ANSWERS}


class World(NamedTuple):
    """A page for strangers, as it is served, with one run and one upload of mine."""

    client: httpx.Client
    store: Store
    sandbox: Path
    requests: dict[str, Request]
    words: list[str]
    run: str
    mine: str

    def ask(self, route: str, content: bytes) -> httpx.Response:
        if ROUTES[route].limit == 0:
            return self.client.get(f"live/{route}")
        return self.client.post(f"live/{route}", content=content)

    def is_up(self) -> bool:
        return self.client.get("facts/now/about").status_code == 200

    def raw(self, path: str, method: str = "GET") -> tuple[int, bytes]:
        """The reply to an address as it is written: nothing of it is made tidy on the way."""
        place = urlsplit(str(self.client.base_url))
        line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        try:
            line.putrequest(method, path)
            line.endheaders()
            reply = line.getresponse()
            return reply.status, reply.read(4096)
        finally:
            line.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    sandbox = tmp_path_factory.mktemp("world")
    set_hypothesis_home_dir(sandbox / "hypothesis")
    for name in ("tmp", "data"):
        (sandbox / name).mkdir()
    (sandbox / "secret.txt").write_text(SECRET)
    pretended = Pretended()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(sandbox / "tmp"))
        patch.setenv("VAE_DATA_DIR", str(sandbox / "data"))
        patch.setattr(tempfile, "tempdir", str(sandbox / "tmp"))
        patch.setattr(downloads, "COMMAND", ("true",))
        patch.setattr(process, "spawn", pretended)
        patch.setattr(supervisor, "LOOK", 1000.0)
        limits = replace(HOSTED, upload=2**20, runs=None)
        store = Store(jobs=Jobs(sandbox / "runs", limits))
        page, (url,) = serve.launched(store)
        limits = httpx.Limits(keepalive_expiry=IDLE)
        with httpx.Client(base_url=url, timeout=120, limits=limits) as client:
            weights, archive = content_of(), zipped(files())
            run = uploaded(client, weights)
            sent = framed({"owner": ME, "way": "folder"}, archive)
            brought = [client.post("live/pictures", content=sent) for _ in range(2)]
            mine, spare = (reply.json()["dataset"] for reply in brought)
            requests = friendly(run, mine, spare, weights, archive)
            words = sorted({key for header, _ in requests.values() for key in header})
            yield World(client, store, sandbox, requests, words, run, mine)
        store.jobs.close()
        page.close(verbose=False)
        for trainer in pretended.processes:
            trainer.kill()


def content_of() -> bytes:
    made = recipe()
    return checkpoints.packed("mine.safetensors", build(made.model), made, {})


def uploaded(client: httpx.Client, content: bytes) -> str:
    reply = client.post("live/train-upload", content=framed({"owner": ME, "name": ""}, content))
    assert reply.status_code == 200, reply.text
    return reply.json()["id"]


def in_words(reply: httpx.Response, secret: str = SECRET) -> str:
    """The sentence of a refusal; "" if there was an answer. Nothing else may come back."""
    assert reply.status_code < 500, reply.text
    assert FAULT.encode() not in reply.content and b"fault in the program" not in reply.content
    assert secret.encode() not in reply.content and b"root:" not in reply.content
    if reply.status_code == 200:
        return ""
    sentence = reply.json()["error"]
    assert 10 < len(sentence) < 600 and sentence.endswith("."), sentence
    assert "Traceback" not in sentence and 'File "' not in sentence and sentence.isprintable()
    return sentence


def test_friendly_requests_are_answered(world: World) -> None:
    """Else the fuzz would spoil what is refused anyhow, and never come to the work itself."""
    for route, (header, body) in world.requests.items():
        content = body if route == "picture" else framed(header, body)
        reply = world.ask(route, content)
        assert reply.status_code == 200, (route, reply.text)
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "same-origin"
        assert "x-frame-options" not in reply.headers  # the page stands in a frame on a Space


def test_every_live_route_has_a_friendly_request(world: World) -> None:
    """A new route needs one in `hostile.friendly`, or nobody tries what strangers make of it."""
    served = {route.path.removeprefix("/live/") for route in routes(world.store)}
    assert served == world.requests.keys() == ROUTES.keys()


@pytest.mark.fuzz
@pytest.mark.parametrize("route", ROUTES)
def test_no_live_route_is_broken_by_a_request(world: World, route: str) -> None:
    @settings(BRISK, max_examples=30 if ROUTES[route].limit else 1)
    @given(content=spoilt(world.requests[route], world.words))
    def fuzz(content: bytes) -> None:
        in_words(world.ask(route, content))

    before = snapshot(world)
    with touched() as paths:
        fuzz()
    runs, tmp, data = (world.sandbox / name for name in ("runs", "tmp", "data"))
    assert outside(paths, runs, tmp, data) == []
    assert snapshot(world) == before
    assert world.is_up()


def snapshot(world: World) -> list[tuple[str, bytes]]:
    """The sandbox, less the folders that the page may write to."""
    mine = ("runs", "tmp", "data", "hypothesis")
    return sorted(
        (path.name, path.read_bytes())
        for path in world.sandbox.rglob("*")
        if path.is_file() and path.relative_to(world.sandbox).parts[0] not in mine
    )


def test_a_fault_of_the_program_is_told_in_a_sentence_and_logged(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("wires crossed")

    monkeypatch.setattr(world.store, "check", broken)
    reply = world.ask("model-decode", framed({"model": "vae-2", "count": 1}, bytes(8)))
    assert (reply.status_code, reply.json()) == (500, {"error": FAULT})
    assert "wires crossed" in caplog.text and "Traceback" in caplog.text


# --- Gradio's own ---

# What the parameters of the endpoints may be, so that the fuzz comes to the work itself.
WORDS: dict[str, Any] = {
    "digit": "3 round", "start": "3 round", "end": "4 open", "a": "3 round", "b": "4 open",
    "c": "7 plain", "picture": "3 round", "digits": ["3 round", "4 open"], "model": "vae-2",
    "models": ["vae-2"], "points": 100, "iterations": 50, "early_iterations": 0, "perplexity": 10,
    "owner": ME, "scale": 1, "latent_dim": 2, "epochs": 2, "frames": 3, "codes": [[0.0, 0.0]],
    "indices": [0, 1], "latents": [0], "strokes": [[[0.3, 0.2], [0.7, 0.9]]], "action": "pause", "code": [0.0, 0.0],
}  # fmt: skip
BUT: dict[str, dict[str, Any]] = {
    "/latent_map": {"digits": 5},
    "/atlas": {"digits": 5},
    "/sheet": {"codes": None},
    "/check_training": {"model": "vae", "dataset": "digits"},
    "/train": {"model": "vae", "dataset": "digits"},
    "/get_dataset": {"name": "digits", "start": False},
}


def friendly_data(world: World, name: str, parameters: list[dict[str, Any]]) -> list[Any]:
    known = {**WORDS, "run": world.run, **BUT.get(name, {})}
    names = ((each["parameter_name"], each.get("parameter_default")) for each in parameters)
    return [known.get(parameter, default) for parameter, default in names]


def called(world: World, name: str, data: Any) -> str:
    """What an endpoint answers: all of its stream."""
    try:
        content = json.dumps({"data": data}).encode()
    except RecursionError:
        return ""
    begun = world.client.post(f"gradio_api/call{name}", content=content, headers=JSON)
    if begun.status_code != 200:
        assert begun.status_code < 500, begun.text
        return ""
    event = begun.json()["event_id"]
    return world.client.get(f"gradio_api/call{name}/{event}").text


JSON = {"content-type": "application/json"}


@pytest.mark.fuzz
def test_no_named_endpoint_is_broken_by_its_arguments(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    endpoints = world.client.get("gradio_api/info").json()["named_endpoints"]
    assert len(endpoints) > 10
    with touched() as paths:
        for name, facts in endpoints.items():
            whole = friendly_data(world, name, facts["parameters"])
            _fuzz_endpoint(world, name, whole)
    assert outside(paths, *(world.sandbox / name for name in ("runs", "tmp", "data"))) == []
    assert "Traceback" not in capfd.readouterr().err
    assert world.is_up()


def _fuzz_endpoint(world: World, name: str, whole: list[Any]) -> None:
    @settings(BRISK, max_examples=6 if whole else 1)
    @given(data=st.data())
    def fuzz(data: st.DataObject) -> None:
        sent: Any = list(whole)
        if sent and data.draw(st.integers(0, 9)):
            for _ in range(data.draw(st.integers(1, 2))):
                sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(values)
        else:
            sent = data.draw(values)
        said = called(world, name, sent)
        assert "data: null\n\n" not in said.partition("event: error")[2], (name, sent, said)
        assert "Traceback" not in said and SECRET not in said and "root:" not in said

    fuzz()


def test_too_few_arguments_are_counted_and_their_values_are_told_to_nobody(
    world: World, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for sent in ([], [ME], [ME, SECRET]):
        body = json.dumps({"data": sent}).encode()
        reply = world.client.post("gradio_api/run/control", content=body, headers=JSON)
        assert reply.status_code == 400
        said = called(world, "/control", sent)
        sentence = f"This takes 3 arguments; got {len(sent)}."
        assert sentence in reply.json()["error"] and sentence in said
        assert SECRET not in reply.text + said and ME not in reply.text + said
    logged = caplog.text + "".join(capfd.readouterr())
    assert "Traceback" not in logged and SECRET not in logged and ME not in logged


def test_a_fault_that_gradio_catches_is_logged_by_its_place_and_without_a_value(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(world.store.jobs, "runs", broken)
    body = json.dumps({"data": [ME]}).encode()
    reply = world.client.post("gradio_api/run/runs", content=body, headers=JSON)
    assert reply.status_code == 500  # nobody could have asked better
    called(world, "/runs", [ME])
    assert caplog.text.count("Gradio caught KeyError") == 2 and "in broken" in caplog.text
    assert SECRET not in caplog.text + "".join(capfd.readouterr())


def test_a_stranger_s_json_is_counted_before_it_is_parsed(world: World) -> None:
    content = b'{"data": [' + b"[]," * 2**18 + b"[]]}"
    for place in ("queue/join", "run/digit", "call/digit", "call/v2/digit", "mcp/", "cancel"):
        reply = world.client.post(f"gradio_api/{place}", content=content, headers=JSON)
        assert (reply.status_code, reply.json()) == (400, {"error": MANY_PARTS}), place


def test_no_page_of_others_asks_anything(world: World) -> None:
    """By whatever address, and also where there is none: that is not said either."""
    before = [run.id for run in world.store.jobs.runs(ME)]
    foreign = ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"})
    paths = ["/", "/config", "/weights", "/facts/now/about", "/healthz"]
    paths += [f"/live/{route}" for route in ROUTES]
    paths += [
        f"/gradio_api/{post}" for post in ("queue/join", "run/control", "mcp/", "call/train")
    ]
    for headers in foreign:
        for path in paths:
            for method in ("GET", "POST", "OPTIONS"):
                reply = world.client.request(method, path, headers=headers)
                assert (reply.status_code, reply.json()) == (403, {"error": FOREIGN}), path
                assert "access-control-allow-origin" not in reply.headers
    rebound = world.client.get("/config", headers={"host": "evil.example"})
    assert (rebound.status_code, rebound.json()) == (403, {"error": UNKNOWN})
    believed = world.client.get("/config", headers={"x-forwarded-host": "evil.example"})
    assert believed.status_code == 200 and "evil.example" not in believed.text
    assert [run.id for run in world.store.jobs.runs(ME)] == before


def test_an_origin_without_a_host_is_told_what_is_wrong(world: World) -> None:
    line = http.client.HTTPConnection(*_place(world), timeout=60)
    line.putrequest("GET", "/config", skip_host=True)
    line.putheader("Origin", "http://evil.example")
    line.endheaders()
    reply = line.getresponse()
    assert reply.status == 400 and json.loads(reply.read()) == {"error": HOSTLESS}
    line.close()


GRADIO_POSTS = (
    *("run/predict", "run/reconstruct", "api/reconstruct", "call/reconstruct", "call/v2/encode"),
    *("call/nothing", "queue/join", "cancel", "reset", "component_server", "upload"),
    *("process_recording", "vibe-edit", "stream/x", "stream/x/close"),
)


@pytest.mark.fuzz
def test_no_route_of_gradio_is_broken_by_a_request(world: World) -> None:
    keys = ["data", "fn_index", "session_hash", "event_data", "event_id", "trigger_id", "fn_name"]
    whole = {"data": [], "fn_index": 0, "session_hash": "x", "event_data": {}, "trigger_id": 1}
    texts = st.sampled_from([b"", b"{", b"[" * 50_000, b"\xff", b'{"data": [1e999, NaN]}'])
    some = st.lists(st.tuples(st.sampled_from(keys), values), min_size=1, max_size=3)
    bodies = st.one_of(
        some.map(lambda pairs: json.dumps({**whole, **dict(pairs)}).encode()),
        values.map(lambda value: json.dumps(value).encode()),
        texts,
    )

    @settings(BRISK, max_examples=80)
    @given(route=st.sampled_from(GRADIO_POSTS), body=bodies)
    def fuzz(route: str, body: bytes) -> None:
        reply = world.client.post(f"gradio_api/{route}", content=body, headers=JSON)
        assert reply.status_code < 500 or "error" in reply.json(), (route, body, reply.text)
        assert "Traceback" not in reply.text and "Internal Server Error" not in reply.text

    with touched() as paths:
        fuzz()
    assert outside(paths, world.sandbox / "tmp", world.sandbox / "runs") == []
    assert world.is_up()


def test_files_of_the_server_are_served_to_nobody(world: World) -> None:
    secrets = [
        world.sandbox / "secret.txt",
        world.store.jobs.folder / world.run / "record.json",
        world.store.jobs.folder / world.run / "checkpoint.safetensors",
        ROOT / "app.py",
        ROOT / "checkpoints" / "vae-2.safetensors",
        Path("/etc/passwd"),
    ]
    known = [path.read_bytes()[:60] for path in secrets if path.exists()]
    names = [*map(str, secrets), "app.py", "./app.py", "../../../../../../etc/passwd", *PATHS]
    plain = [name for name in names if name.isascii() and name.isprintable() and " " not in name]
    quoted = [name.replace("/", "%2f").replace("..", "%2e%2e") for name in plain]
    places = ("gradio_api/file=", "gradio_api/file/", "static/", "svelte/", "gradio_api/proxy=")
    mine = ("assets/", f"assets/{assets.VERSION}/", "custom_component/x/client/component/")
    for place in (*places, *mine):
        for name in (*plain, *quoted, "%00", "x%00.js", "%ff%fe", "x" * 5000):
            status, reply = world.raw(f"/{place}{name}")
            assert status < 500, (place, name)
            assert not any(reply.startswith(content) for content in known), (place, name)
    for name in ("app.py", "playground/server/serve.py", "runs", "checkpoints/vae-2.safetensors"):
        assert world.raw(f"/{name}")[0] == 404


def test_a_giant_is_refused_before_it_is_read(world: World) -> None:
    largest = serve.largest_body(world.store.jobs.limits)
    for place in ("live/pictures", "gradio_api/queue/join", "gradio_api/call/digit", "nothing"):
        lies = {"content-length": str(10**15)}
        reply = world.client.build_request("POST", place, content=b"x", headers=lies)
        line = http.client.HTTPConnection(*_place(world), timeout=60)
        line.request("POST", f"/{place}", headers=dict(reply.headers))
        assert line.getresponse().status == 413, place  # with nothing of it sent
        line.close()

    def parts() -> Iterator[bytes]:
        for _ in range(largest // 2**16 + 2):
            yield bytes(2**16)

    reply = world.client.post("gradio_api/queue/join", content=parts(), headers=JSON)
    assert reply.status_code in (400, 413)  # FastAPI has a word of its own where it reads


def _place(world: World) -> tuple[str, int]:
    place = urlsplit(str(world.client.base_url))
    assert place.hostname and place.port
    return place.hostname, place.port


# --- what belongs to somebody ---


def test_nobody_reads_what_is_of_another(world: World) -> None:
    """The names are 128 bits of chance, and no route tells them to whoever has not the token."""
    assert len(world.run) == 22 and len(world.mine.removeprefix("mine:")) == 22
    for route, (header, body) in world.requests.items():
        if route in ("train-start", "picture"):  # who knows the name of pictures may train on them
            continue
        reply = world.ask(route, framed({**header, "owner": OTHER}, body))
        if "owner" in header and "id" in header:
            assert "has no run called" in in_words(reply), route
        elif "owner" in header:
            assert world.run not in reply.text and world.mine not in reply.text, route
        elif world.run not in json.dumps(header):
            assert world.run.encode() not in reply.content, route


def test_no_local_path_is_read_on_a_hosted_page(world: World) -> None:
    for name in ("folder:/", f"folder:{world.sandbox}", "drawings:/etc", "file:/etc/passwd"):
        for route in ("train-check", "train-start", "pictures-look"):
            header, body = world.requests[route]
            reply = world.ask(route, framed({**header, "dataset": name}, body))
            assert "cannot be read from this page" in in_words(reply), (route, name)
    stolen = replace(recipe(), dataset=f"file:{world.sandbox}/secret.txt")
    content = checkpoints.packed("x.safetensors", build(stolen.model), stolen, {})
    run = uploaded(world.client, content)
    reply = world.ask("train-wish", pack({"owner": ME, "id": run, "wish": "rewind"}))
    assert "cannot be read from this page" in in_words(reply)
    in_words(
        world.client.get(f"/facts/now/atlas-latents/run:{run}")
    )  # from the examples, or not at all
    assert os.listdir(world.sandbox / "data") == []
