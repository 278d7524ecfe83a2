"""A GPU that is lent for a minute at a time: runs train in pieces, and each goes on from the last."""

import json
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any

import gradio as gr
import pytest

from playground.runs import options, process
from playground.runs.jobs import Jobs
from playground.runs.trainers import zero
from playground.wire.packing import pack
from tests.browser.running import running_page
from tests.support.training import ME, QUIET, Pretended, epoch, recipe, until
from vae_core.errors import UsageError
from vae_core.training.checkpoints import load_checkpoint
from vae_core.training.run_directory import RunDir

STAND_IN = Path(__file__).parent.parent / "support" / "zero_gpu"


@pytest.fixture
def spaces(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """ZeroGPU, by its stand-in. A piece has time for one epoch."""
    monkeypatch.setenv(zero.VARIABLE, "true")
    monkeypatch.syspath_prepend(str(STAND_IN))
    monkeypatch.setattr(gr.Blocks, "launch", gr.Blocks.launch)  # which the stand-in replaces
    monkeypatch.setattr(zero, "SPARE", zero.PIECE)
    zero.register()
    yield sys.modules["spaces"]
    monkeypatch.undo()
    sys.modules.pop("spaces")
    zero.register()


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    jobs = Jobs(tmp_path / "runs", QUIET)
    yield jobs
    jobs.close()
    for id in jobs.records.ids():
        jobs.trainers.end(id)


def ended(jobs: Jobs, id: str) -> str:
    until(lambda: jobs.get(ME, id).state in ("done", "failed", "interrupted", "stopped"))
    return jobs.get(ME, id).state


def test_a_run_in_pieces_is_the_run_at_once(spaces: ModuleType, jobs: Jobs) -> None:
    """Two of them, which take turns."""
    ids = [jobs.start(ME, recipe(epochs=3)) for _ in range(2)]
    seen = set()
    until(lambda: seen.add(jobs.get(ME, ids[0]).sentence) or jobs.get(ME, ids[0]).state == "done")
    assert [ended(jobs, id) for id in ids] == ["done", "done"]
    assert [jobs.records.read(id).pieces for id in ids] == [3, 3]
    assert any(each.startswith("Waits for piece ") for each in seen), seen
    here = jobs.start(ME, recipe(epochs=3), device="cpu")
    assert ended(jobs, here) == "done" and jobs.records.read(here).pieces == 0
    files = [jobs.get(ME, id).files for id in (*ids, here)]
    assert len({load_checkpoint(each.checkpoint).checksum for each in files}) == 1
    curves = jobs.get(ME, ids[0]).curves()
    assert [line["epoch"] for line in curves.lines if line["kind"] == "epoch"] == [1, 2, 3]
    assert curves.resumed == 2
    assert spaces.durations == [zero.PIECE]


def test_a_piece_that_is_killed_at_its_limit_goes_on(
    spaces: ModuleType, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within an epoch: what was saved before is where the next piece begins."""
    monkeypatch.setattr(zero, "SPARE", -1000.0)  # so that it does not stop by itself
    killed: list[str] = []

    def is_over(run: str, _: float) -> bool:
        over = not killed and (Path(run) / "state.safetensors").exists()
        return over and not killed.append(run)

    monkeypatch.setattr(spaces, "is_over", is_over)
    id = jobs.start(ME, recipe(epochs=2000))
    until(lambda: jobs.records.read(id).pieces == 2 and epoch(jobs, id) > 0)
    assert killed and jobs.get(ME, id).state == "running"
    until(lambda: "piece 2." in jobs.get(ME, id).sentence)
    jobs.request(ME, id, "stop")
    assert ended(jobs, id) == "stopped"
    assert jobs.get(ME, id).curves().resumed == 1


def test_epochs_that_fit_into_no_piece_are_said(
    spaces: ModuleType, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spaces, "is_over", lambda *_: True)
    id = jobs.start(ME, recipe(epochs=3))
    assert ended(jobs, id) == "interrupted"
    assert jobs.get(ME, id).sentence == zero.TOO_LONG
    assert jobs.records.read(id).pieces == 4


def test_what_the_platform_refuses_is_said_and_the_run_can_go_on(
    spaces: ModuleType, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lent(*_: Any) -> None:
        raise gr.Error("Space app has reached its GPU limit.", print_exception=False)

    monkeypatch.setattr(spaces, "lent", lent)
    id = jobs.start(ME, recipe(epochs=2))
    assert ended(jobs, id) == "interrupted"
    assert jobs.get(ME, id).sentence == (
        "There is no GPU for this run now: Space app has reached its GPU limit. Resume it later, or "
        "train it on the CPU."
    )
    monkeypatch.undo()
    monkeypatch.setattr(spaces, "lent", lambda *_: None)
    jobs.control(ME, id, "resume")
    assert ended(jobs, id) == "done"


@pytest.mark.parametrize("action", ["stop", "delete"])
def test_a_run_that_waits_for_the_gpu_can_be_stopped(
    action: Any, spaces: ModuleType, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    come, asked = Event(), Event()
    monkeypatch.setattr(spaces, "lent", lambda *_: asked.set() or come.wait(600))
    id = jobs.start(ME, recipe(epochs=3))
    assert asked.wait(600) and jobs.get(ME, id).sentence == zero.WAITS
    jobs.control(ME, id, action)
    come.set()
    if action == "stop":
        assert ended(jobs, id) == "stopped"
        assert epoch(jobs, id) == 0 and not RunDir(jobs.folder / id).checkpoint.exists()
    else:
        assert not (jobs.folder / id).exists()


def test_a_fault_in_a_piece_is_a_sentence(
    spaces: ModuleType, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("CUDA error: out of memory")

    monkeypatch.setattr("vae_core.cli.train.Trainer", broken)
    id = jobs.start(ME, recipe(epochs=3))
    assert ended(jobs, id) == "failed"
    assert jobs.get(ME, id).sentence.startswith("The memory is full")


def test_elsewhere_the_package_is_neither_needed_nor_asked(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(zero.VARIABLE, raising=False)
    monkeypatch.setattr(process, "spawn", Pretended())
    zero.register()
    assert "spaces" not in sys.modules and not zero.lends("auto")
    id = jobs.start(ME, recipe())
    assert len(process.spawn.processes) == 1 and jobs.records.read(id).pieces == 0  # type: ignore[attr-defined]
    assert "lent" not in json.dumps(options.options(QUIET)["devices"])


def test_where_the_package_is_missing_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(zero.VARIABLE, "1")
    monkeypatch.setitem(sys.modules, "spaces", None)
    with pytest.raises(UsageError, match="`pip install spaces`"):
        zero.register()


def test_a_page_on_zerogpu_starts_and_trains(tmp_path: Path) -> None:
    """It wraps a function before it is launched, or the stand-in would not let it begin."""
    environment = {zero.VARIABLE: "true", "PYTHONPATH": str(STAND_IN), "VAE_RUNS": str(tmp_path)}
    asked = {"owner": ME, "model": "vanilla", "dataset": "digits", "config": {"epochs": 2}}
    with running_page(**environment) as url:
        devices = ask(url, "train-options")["devices"]
        assert [each["name"] for each in devices] == ["auto", "cpu"]
        assert "lent for 60 seconds at a time" in devices[0]["label"]
        id = ask(url, "train-start", asked)["id"]
        until(lambda: RunDir(tmp_path / id).status()["state"] == "done")
        endless = ask(url, "train-start", {**asked, "config": {"epochs": 100_000}})["id"]
        until(RunDir(tmp_path / endless).trainer)
    assert RunDir(tmp_path / endless).trainer() is None  # the next page goes on with it
    assert json.loads((tmp_path / id / "record.json").read_text())["pieces"] == 1


def ask(url: str, name: str, header: dict[str, Any] | None = None) -> Any:
    content = None if header is None else pack(header)
    with urllib.request.urlopen(f"{url}live/{name}", data=content) as reply:
        return json.load(reply)
