"""What goes wrong without anybody's fault: damaged files, full disks, clocks put back, kills."""

import errno
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch

from playground.routes.live import NO_ROOM
from playground.runs import process
from playground.runs.disk import storage
from playground.runs.jobs import Jobs
from playground.runs.trainers import supervisor
from playground.store.models import CHECKPOINTS, Store
from playground.wire.packing import FAULT, pack
from tests.browser.running import started_page
from tests.conftest import small
from tests.routes.test_train import RUN, Page, paged
from tests.support.facts import fact, page_of
from tests.support.hostile import friendly
from tests.support.training import ME, QUIET, Pretended, recipe
from tests.training.test_run_directory import CPU, HELD_OUT, IMAGES, start
from tests.training.test_run_directory import recipe as quick
from vae_core import files
from vae_core.errors import UsageError
from vae_core.models import build
from vae_core.training import checkpoints
from vae_core.training.run import drive
from vae_core.training.run_directory import RunDir
from vae_core.training.trainer import Report, Trainer

NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Asleep(Pretended):
    """As its parent, in less time to start, for tests that start many."""

    def __call__(
        self, run: Path, device: str, threads: int, memory: int | None = None
    ) -> subprocess.Popen[bytes]:
        if self.script != Pretended().script:
            return super().__call__(run, device, threads, memory)
        with open(run / "log.txt", "ab"):
            self.processes.append(subprocess.Popen(["sleep", "600"]))
        return self.processes[-1]


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pretended]:
    """Trainers that sleep, and are looked after only when a test does it."""
    pretended = Asleep()
    monkeypatch.setattr(process, "spawn", pretended)
    monkeypatch.setattr(supervisor, "LOOK", 1000.0)
    yield pretended
    for trainer in pretended.processes:
        trainer.kill()


# --- damaged run directories ---

FILES = (
    *("recipe.json", "metrics.jsonl", "checkpoint.safetensors", "state.safetensors"),
    *("preview.safetensors", "status.json", "control", "lock", "record.json", "log.txt"),
    "record.lock",
)
DAMAGES: dict[str, Callable[[Path], Any]] = {
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-9] if path.is_file() else b"{"),
    "nonsense": lambda path: path.write_bytes(b"\xff\xfe\0nonsense\n{]\n"),
    "other values": lambda path: path.write_text(
        '{"state": 7, "sentence": null, "kind": "epoch", "epoch": "x", "owner": 1, "deaths": "ab"}\n'
    ),
    "deep": lambda path: path.write_text("[" * 50_000),
    "a folder": lambda path: (path.unlink(missing_ok=True), path.mkdir()),
}


def made_run(page: Page, folder: Path) -> str:
    """A run that is over, with every file that one can have."""
    made = recipe()
    checkpoint = checkpoints.packed("x", build(made.model), made, {})
    id = page.told("train-upload", checkpoint, name="mine")["id"]
    files = RunDir(folder / id)
    files.append("epoch", epoch=1, held_out_rate=1.0)
    files.resume(1)
    files.save_state({"a": torch.zeros(2)}, {"epoch": 1})
    (files.path / "preview.safetensors").write_bytes(checkpoint)
    for name in ("control", "lock", "log.txt", "record.lock"):
        (files.path / name).write_text("run")
    return id


@pytest.mark.parametrize("file", FILES)
def test_a_damaged_run_harms_no_other(file: str, tmp_path: Path, pretended: Pretended) -> None:
    page = paged(tmp_path)
    other = made_run(page, tmp_path)
    for damage, harm in DAMAGES.items():
        id = made_run(page, tmp_path)
        harm(tmp_path / id / file)
        again = paged(tmp_path)  # and one that starts on what is there
        for each in (page, again):
            with each.client:  # one event loop for all that is asked
                _ask_everything(each, id, f"{file}: {damage}")
                watched, _ = each.watch(other)
                assert watched["state"] == "done" and watched["lines"], (file, damage)
                names = [run["id"] for run in each.told("train-runs")["runs"]]
            assert other in names
            each.store.jobs.trainers.look()
        again.store.jobs.close()
        if id in names:
            assert page.ask("train-wish", id=id, wish="delete").status_code == 200
            assert not (tmp_path / id).exists()
    page.store.jobs.close()


def _ask_everything(page: Page, id: str, what: str) -> None:
    asked = friendly(id, "digits", "", b"", b"")
    routes = ("train-runs", "train-watch", "train-file", "train-wish", "about-runs", "film")
    wishes = [("train-wish", {"owner": ME, "id": id, "wish": wish}) for wish in ("run", "stop")]
    for route, header in [*((route, asked[route][0]) for route in routes), *wishes]:
        reply = page.client.post(f"/live/{route}", content=pack(header))
        assert reply.status_code in (200, 400), (what, route, reply.text)
        if reply.status_code == 400:
            sentence = reply.json()["error"]
            assert sentence.endswith(".") and sentence != FAULT, (what, route, sentence)


def test_a_run_that_cannot_be_started_says_so_and_the_next_one_starts(
    tmp_path: Path, pretended: Pretended
) -> None:
    jobs = Jobs(tmp_path, QUIET)
    first, second, third = (jobs.start(ME, recipe()) for _ in range(3))
    (tmp_path / second / "log.txt").mkdir()
    jobs.get(ME, first).files.write_status("done")
    pretended.kill()
    jobs.trainers.look()
    run = jobs.get(ME, second)
    assert (run.state, run.sentence) == (
        "failed",
        "The directory of this run cannot be used: Is a directory.",
    )
    jobs.trainers.look()
    assert jobs.get(ME, third).state == "running"
    jobs.close()


# --- kills ---


def test_a_kill_during_a_save_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    run = RunDir(tmp_path)
    run.begin(recipe())
    made = recipe()
    checkpoints.save_checkpoint(run.checkpoint, build(made.model), made, {})
    before = run.checkpoint.read_bytes()
    code = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from vae_core.files import write_atomically\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGTERM)\n"
        f"write_atomically(Path({str(run.checkpoint)!r}), bytes(10_000))"
    )
    ended = subprocess.run([os.sys.executable, "-c", code], cwd=process.ROOT, check=False)
    assert ended.returncode == -signal.SIGTERM
    assert run.checkpoint.read_bytes() == before
    assert list(tmp_path.glob(".checkpoint*"))
    with run.claimed():  # as a trainer that goes on does it
        assert not list(tmp_path.glob(".checkpoint*"))
    assert checkpoints.load_checkpoint(run.checkpoint)


def test_ctrl_c_in_the_last_moment_of_a_save_is_ctrl_c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def interrupted(*names: Any) -> None:
        replace(*names)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write_atomically(tmp_path / "file", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


def test_what_a_killed_page_left_is_removed_when_it_is_old(
    tmp_path: Path, pretended: Pretended
) -> None:
    left = [tmp_path / f"{storage.MAKING}x", tmp_path / f"{storage.READING}x"]
    for path in (*left, tmp_path / ".git", tmp_path / f"{storage.MAKING}young"):
        path.mkdir()
        (path / "file").touch()
        if "young" not in path.name:
            os.utime(path, (1, 1))
    jobs = Jobs(tmp_path, QUIET)
    jobs.begin()
    assert sorted(os.listdir(tmp_path)) == [
        ".git",
        f"{storage.MAKING}young",
    ]  # that is nobody's yet
    jobs.close()


# --- full disks ---


@contextmanager
def full_disk() -> Iterator[None]:
    """Nothing that is written while the block runs comes to the disk."""

    def full(*_: object) -> None:
        raise NO_SPACE

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", full)
        patch.setattr(Path, "write_text", full)
        patch.setattr(Path, "write_bytes", full)
        patch.setattr(Path, "touch", full)
        yield


def test_a_full_disk_costs_no_epoch_that_was_saved(tmp_path: Path) -> None:
    what = quick()
    whole, _ = start(RunDir(tmp_path / "whole"), what)
    run = RunDir(tmp_path / "run")
    run.begin(what)
    going = drive(Trainer(small("vae"), IMAGES, what.config, HELD_OUT, CPU), run, what)
    while not isinstance(next(going), Report):
        pass
    before = run.checkpoint.read_bytes()
    with full_disk(), pytest.raises(UsageError, match=r"disk is full, so training stopped.* safe"):
        list(going)
    assert run.checkpoint.read_bytes() == before
    assert not list(run.path.glob(".*"))
    assert checkpoints.load_checkpoint(run.checkpoint).results["epoch"] == 1
    resumed, _ = start(run, what)  # when there is room again
    for one, two in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(one, two)


def test_a_small_disk_that_runs_full_costs_no_epoch_that_was_saved(tmp_path: Path) -> None:
    """The same with a real one, where this may be mounted."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)]
    if (
        not shutil.which("mount")
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("no disk can be mounted here")
    try:
        what = quick()
        run = RunDir(place / "run")
        run.begin(what)
        going = drive(Trainer(small("vae"), IMAGES, what.config, HELD_OUT, CPU), run, what)
        while not isinstance(next(going), Report):
            pass
        before = run.checkpoint.read_bytes()
        with pytest.raises(OSError), open(place / "filler", "wb") as filler:
            while True:
                filler.write(bytes(4096))
        with pytest.raises(UsageError, match="The disk is full, so training stopped"):
            list(going)
        assert run.checkpoint.read_bytes() == before
        (place / "filler").unlink()
        start(run, what)
        assert run.status()["state"] == "done"
        lines = [line["epoch"] for line in run.metrics() if line["kind"] == "epoch"]
        assert lines == [1, 2, 3]
    finally:
        subprocess.run(["umount", str(place)], check=False)


def test_a_visitor_is_told_that_the_disk_is_full(tmp_path: Path, pretended: Pretended) -> None:
    page = paged(tmp_path)
    made = recipe()
    checkpoint = checkpoints.packed("x", build(made.model), made, {})
    id = page.told("train-start", **RUN)["id"]
    files = sorted(os.listdir(tmp_path))
    with full_disk():
        for route, body, header in (
            ("train-start", b"", RUN),
            ("train-upload", checkpoint, {"name": "x"}),
            ("train-wish", b"", {"id": id, "wish": "pause"}),
        ):
            reply = page.ask(route, body, **header)
            sentence = reply.json()["error"]
            assert reply.status_code in (400, 507), sentence
            assert "No space left" in sentence or sentence == NO_ROOM
        assert page.state(id) == "running"
    assert sorted(os.listdir(tmp_path)) == files
    page.store.jobs.close()


def test_a_run_says_that_the_disk_is_full_where_it_cannot_be_written_down(
    tmp_path: Path, pretended: Pretended
) -> None:
    page = paged(tmp_path)
    pretended.script = "raise OSError(28, 'No space left on device')"
    id = page.told("train-start", **RUN)["id"]
    pretended.processes[0].wait()
    with full_disk():
        page.store.jobs.trainers.look()
        watched, _ = page.watch(id)
        assert (watched["state"], watched["sentence"]) == ("failed", process.FULL)
    pretended.script = "import time; time.sleep(600)"
    assert page.told("train-wish", id=id, wish="resume")["state"] in ("waiting", "running")
    page.store.jobs.close()


# --- clocks ---


def test_a_clock_that_is_put_back_changes_no_order(
    tmp_path: Path, pretended: Pretended, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = Jobs(tmp_path, QUIET)
    now = time.time()
    ids = []
    for hours in (0, -1, -2, 3, -5):
        moment = now + 3600 * hours
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        monkeypatch.setattr(time, "time_ns", lambda moment=moment: int(moment * 1e9))
        ids.append(jobs.start(ME, recipe()))
    assert [run.id for run in jobs.runs(ME)] == ids
    assert jobs.records.queue() == ids[1:]
    jobs.close()


# --- models that go ---


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with two of the shipped models, their atlases, and the digit classifier."""
    for name in (
        "vae-2.safetensors",
        "vanilla-2.safetensors",
        "classifier/classifier.safetensors",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(CHECKPOINTS / name, tmp_path / name)
    (tmp_path / "atlas").mkdir()
    shutil.copy(CHECKPOINTS / "atlas" / "vae-2.npz", tmp_path / "atlas")
    return tmp_path


@pytest.mark.parametrize("damage", ["gone", "cut short", "a folder"])
@pytest.mark.parametrize("before_it_starts", [True, False])
def test_a_model_that_goes_takes_no_other_with_it(
    shelf: Path, damage: str, before_it_starts: bool, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(shelf) if not before_it_starts else None
    for name in ("vae-2.safetensors", "atlas/vae-2.npz", "classifier/classifier.safetensors"):
        (shelf / name).unlink() if damage == "gone" else DAMAGES[damage](shelf / name)
    store = store or Store(shelf)
    client = page_of(store)
    facts = {model["name"]: model for model in fact(client, "about").json()["models"]}
    gone = damage == "gone" and before_it_starts
    assert gone or facts["vae-2"]["error"].endswith(".")
    assert "error" not in facts["vanilla-2"]
    for model, code in (("vae-2", 400), ("vanilla-2", 200)):
        for route in ("map", "latents", "density"):
            reply = fact(client, route, model)
            assert reply.status_code == code, (model, route, reply.text)
    assert store.classifier() is None
    assert damage == "gone" or damage == "a folder" or "classifier" in caplog.text


def test_a_model_that_was_read_stays_when_its_file_goes(shelf: Path) -> None:
    store = Store(shelf)
    client = page_of(store)
    ask: Callable[[], Any] = lambda: fact(client, "map", "vae-2")
    before = ask()
    for path in shelf.rglob("*"):
        if path.is_file():
            path.write_bytes(b"damaged")
    assert ask().content == before.content


# --- the end of the page ---


def test_sigterm_ends_the_page_under_open_streams(tmp_path: Path) -> None:
    """That runs in training go on then, and are found by the next page, is in test_jobs."""
    url, server = started_page(VAE_RUNS=str(tmp_path))
    tsne, _ = friendly("", "", "", b"", b"")["tsne"]
    asked = {**tsne, "atlases": ["vae-20"], "points": 1000, "iterations": 2000}
    try:
        with (
            httpx.Client(base_url=url, timeout=600) as client,
            client.stream("POST", "live/tsne", content=pack(asked)) as stream,
            client.stream("GET", "gradio_api/mcp/sse") as tools,
        ):
            course = stream.iter_bytes()
            assert next(course) and next(tools.iter_bytes())
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=600) == 0
            with pytest.raises(httpx.RemoteProtocolError):  # it was cut off, not waited for
                list(course)
    finally:
        server.kill()
        server.wait()
    assert os.listdir(tmp_path) == []


def test_lines_that_no_trainer_writes_are_passed_over(tmp_path: Path) -> None:
    run = RunDir(tmp_path)
    run.append("epoch", epoch=1)
    with open(tmp_path / "metrics.jsonl", "a") as file:
        file.write('{"kind": "resumed", "epoch": null}\n[]\n{"kind": "epoch", "epoch": {}}\n')
        file.write(json.dumps({"kind": "epoch", "epoch": 2}) + "\n")
        file.write('{"kind": "epoch", "epo')
    assert [line["epoch"] for line in run.metrics()] == [1, 2]
