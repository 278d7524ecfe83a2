"""Runs of the command line: everybody on this machine looks at them, and who has the key steers."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from playground.routes import live
from playground.runs.jobs import Jobs
from playground.runs.limits import OPEN
from playground.server.door import Door
from playground.server.hosts import Hosts
from playground.store.key import COOKIE, KEY, PARAMETER, READ_ONLY, is_key
from playground.store.models import Store
from playground.wire.packing import pack
from tests.support.training import ME, recipe
from vae_core.training.run_directory import RunDir

WISHES = ("run", "pause", "resume", "step", "stop", "rewind", "delete")


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder with a run of the command line in it, which is done."""
    run = RunDir(tmp_path / "mine")
    run.begin(recipe())
    run.write_status("done")
    return tmp_path


@pytest.fixture
def client(runs: Path) -> TestClient:
    store = Store(jobs=Jobs(runs, OPEN))
    door = Middleware(Door, hosts=Hosts())
    app = Starlette(routes=live.routes(store), middleware=[door])
    return TestClient(app, base_url="http://localhost")


def wished(client: TestClient, wish: str, owner: str = ME) -> tuple[int, dict]:
    content = pack({"owner": owner, "id": "mine", "wish": wish})
    reply = client.post("/live/train-wish", content=content)
    return reply.status_code, reply.json()


@pytest.mark.parametrize("wish", WISHES)
def test_who_has_no_key_looks_at_it_and_no_more(client: TestClient, runs: Path, wish: str) -> None:
    client.cookies.set(COOKIE, "x" * len(KEY))
    before = sorted(runs.rglob("*"))
    told = client.post("/live/train-runs", content=pack({"owner": ME})).json()
    assert [run["id"] for run in told["runs"]] == ["mine"]
    assert wished(client, wish) == (400, {"error": READ_ONLY})
    assert sorted(runs.rglob("*")) == before


def test_who_opened_the_address_with_the_key_steers_it(client: TestClient, runs: Path) -> None:
    for wrong in ("", "x", KEY[:-1]):
        client.get("/", params={PARAMETER: wrong}, follow_redirects=False)
        assert not client.cookies
    reply = client.get("/", params={PARAMETER: KEY}, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, "./")  # without the key
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert wished(client, "delete") == (200, {"id": "mine", "state": "deleted"})
    assert not (runs / "mine").exists()


def test_a_program_sends_the_key_as_the_owner(client: TestClient) -> None:
    assert wished(client, "delete", owner=KEY)[0] == 200


def test_the_key_opens_no_door_to_pages_of_others(client: TestClient) -> None:
    client.cookies.set(COOKIE, KEY)
    content = pack({"owner": ME, "id": "mine", "wish": "delete"})
    foreign = {"origin": "http://evil.example"}
    assert client.post("/live/train-wish", content=content, headers=foreign).status_code == 403


def test_a_key_is_compared_whatever_it_is() -> None:
    assert is_key(KEY)
    for text in (None, "", "é", "\ud800", KEY + "x"):
        assert not is_key(text)
