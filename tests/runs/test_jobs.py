"""Training runs as processes: they survive kills and restarts, take turns and keep to limits."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from playground.runs import process, run
from playground.runs.disk import record, storage
from playground.runs.jobs import Jobs
from playground.runs.limits import HOSTED, OPEN, Limits
from playground.runs.trainers import supervisor
from tests.conftest import small
from tests.support import forked
from tests.support.training import ME, OTHER, QUIET, Pretended, epoch, recipe, until
from vae_core.errors import UsageError
from vae_core.files import holder
from vae_core.models import build
from vae_core.training import checkpoints
from vae_core.training.run_directory import RunDir

Opener = Callable[..., Jobs]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    """Opens the page's jobs, again and again over the same folder; ends all trainers at last."""
    every: list[Jobs] = []

    def open_jobs(limits: Limits = QUIET) -> Jobs:
        every.append(Jobs(tmp_path / "runs", limits))
        return every[-1]

    yield open_jobs
    for jobs in every:
        jobs.close()
    for path in (tmp_path / "runs").glob("*"):
        for jobs in every:
            jobs.trainers.end(path.name)


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> Pretended:
    monkeypatch.setattr(process, "spawn", Pretended())
    monkeypatch.setattr(supervisor, "LOOK", 1000.0)  # only when the test looks
    return process.spawn  # type: ignore[return-value]


def kill(jobs: Jobs, id: str) -> None:
    trainer = jobs.get(ME, id).files.trainer()
    assert trainer is not None
    os.kill(trainer, signal.SIGKILL)


def state(jobs: Jobs, id: str) -> str:
    return jobs.get(ME, id).state


def test_a_run_survives_its_watchers_and_its_killers(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pause, step, go on; kill -9; a restart of the page while it trains; a kill while it is gone."""
    jobs = opened()
    id = jobs.start(ME, recipe(epochs=100_000), "mine")
    until(lambda: epoch(jobs, id) >= 1)
    jobs.request(ME, id, "pause")
    until(lambda: state(jobs, id) == "paused")
    before = epoch(jobs, id)
    jobs.request(ME, id, "step")
    until(lambda: state(jobs, id) == "paused" and epoch(jobs, id) > before)
    assert epoch(jobs, id) == before + 1
    jobs.control(ME, id, "resume")
    until(lambda: epoch(jobs, id) > before + 1)

    monkeypatch.setattr(process, "spawn", forked.spawn)  # the first was as the page starts it
    kill(jobs, id)
    at_least = epoch(jobs, id) - 1
    until(lambda: jobs.get(ME, id).curves().resumed == 1)
    assert epoch(jobs, id) >= at_least
    assert all(line["epoch"] >= 0 for line in jobs.get(ME, id).files.metrics())

    jobs.close()
    trainer = jobs.get(ME, id).files.trainer()
    jobs = opened()
    jobs.begin()
    before = epoch(jobs, id)
    until(lambda: epoch(jobs, id) > before)
    assert jobs.get(ME, id).files.trainer() == trainer  # the same process all the time

    jobs.close()
    kill(jobs, id)
    jobs = opened()
    jobs.begin()
    until(lambda: jobs.get(ME, id).curves().resumed == 2)
    jobs.request(ME, id, "stop")
    until(lambda: state(jobs, id) == "stopped")
    last = epoch(jobs, id)
    assert jobs.get(ME, id).sentence == f"Stopped after epoch {last}."
    done = [line["epoch"] for line in jobs.get(ME, id).files.metrics() if line["kind"] == "epoch"]
    assert done == list(range(1, last + 1))


def test_a_rewound_run_is_a_new_one_of_the_same_recipe(
    opened: Opener, pretended: Pretended
) -> None:
    jobs = opened()
    first = jobs.start(ME, recipe(seed=7), "mine", "cpu")
    second = jobs.rewind(ME, first)
    old, new = jobs.runs(ME)
    assert [old.id, new.id] == [first, second] and old.files.requested_action() == "stop"
    assert new.files.recipe() == old.files.recipe()  # its seed draws the initial weights
    assert (new.name, new.record.device) == ("mine, 2", "cpu")
    old.files.write_status("done")
    with pytest.raises(UsageError, match="This run is done"):
        jobs.control(ME, first, "resume")
    assert state(jobs, jobs.rewind(ME, first)) == "waiting"


def test_runs_wait_for_their_turn(opened: Opener, pretended: Pretended) -> None:
    jobs = opened()
    first, second, third = (jobs.start(ME, recipe()) for _ in range(3))
    assert [run.position for run in jobs.runs(ME)] == [None, 1, 2]
    assert [run.state for run in jobs.runs(ME)] == ["running", "waiting", "waiting"]
    with pytest.raises(UsageError, match="waits for its turn"):
        jobs.request(ME, second, "pause")
    jobs.request(ME, second, "stop")
    assert state(jobs, second) == "stopped"
    assert jobs.get(ME, third).position == 1
    jobs.get(ME, first).files.write_status("done")
    pretended.kill()
    jobs.trainers.look()
    assert [run.state for run in jobs.runs(ME)] == ["done", "stopped", "running"]
    jobs.get(ME, second).files.append("epoch", epoch=2)
    jobs.control(ME, second, "resume")
    assert jobs.get(ME, second).position == 1
    jobs.request(ME, second, "stop")
    assert jobs.get(ME, second).sentence == "Stopped after epoch 2."


def test_another_page_goes_on_with_the_queue(opened: Opener, pretended: Pretended) -> None:
    jobs = opened()
    first, second = (jobs.start(ME, recipe()) for _ in range(2))
    jobs.close()
    pretended.kill()
    jobs = opened()
    jobs.begin()
    jobs.trainers.look()
    assert [run.state for run in jobs.runs(ME)] == ["waiting", "running"]  # the killed one queues
    assert {first, second} == {run.id for run in jobs.runs(ME)}


def test_a_run_that_is_always_killed_is_given_up(opened: Opener, pretended: Pretended) -> None:
    jobs = opened()
    id = jobs.start(ME, recipe())
    for attempt in range(supervisor.DEATHS + 1):
        assert len(pretended.processes) == attempt + 1
        pretended.kill()
        jobs.trainers.look()
    assert state(jobs, id) == "interrupted"
    assert "killed 4 times in epoch 1" in jobs.get(ME, id).sentence
    jobs.control(ME, id, "resume")
    assert state(jobs, id) == "running"


CRASHES = {
    "raise RuntimeError('wires crossed')": "fault in the program: RuntimeError: wires crossed.",
    "raise MemoryError('CUDA out of memory')": "Lower the batch size, the width or the depth",
    "raise OSError(28, 'No space left on device')": "The disk is full",
    "raise SystemExit(3)": "ended without a word",
}


@pytest.mark.parametrize("script", CRASHES)
def test_a_crash_is_a_sentence_and_no_traceback(
    script: str, opened: Opener, pretended: Pretended
) -> None:
    jobs = opened()
    pretended.script = script
    id = jobs.start(ME, recipe())
    pretended.processes[0].wait()
    jobs.trainers.look()
    run = jobs.get(ME, id)
    assert run.state == "failed" and CRASHES[script] in run.sentence
    assert "Traceback" not in run.sentence and "File" not in run.sentence


def test_a_sentence_of_the_trainer_is_kept(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "spawn", forked.spawn)
    jobs = opened()
    id = jobs.start(ME, recipe(learning_rate=1.0, precision="float32", clip=0.0), device="cuda")
    until(lambda: state(jobs, id) in ("failed", "done"))
    if not torch.cuda.is_available():
        assert jobs.get(ME, id).sentence.startswith("This machine has no cuda device.")


def test_time_is_limited(opened: Opener, pretended: Pretended) -> None:
    jobs = opened(replace(QUIET, minutes=0.0))
    id = jobs.start(ME, recipe())
    jobs.trainers.look()
    assert jobs.get(ME, id).files.requested_action() == "stop"
    pretended.kill()  # as it would be if it did not stop
    jobs.trainers.look()
    run = jobs.get(ME, id)
    assert run.state == "stopped"
    assert run.sentence == "A run has 0 minutes on this page. Stopped after epoch 0."
    with pytest.raises(UsageError, match="has had its 0 minutes"):
        jobs.control(ME, id, "resume")


def test_a_restart_of_the_page_gives_no_new_time(opened: Opener, pretended: Pretended) -> None:
    limits = replace(QUIET, minutes=1.0)
    jobs = opened(limits)
    id = jobs.start(ME, recipe())
    files = jobs.get(ME, id).files
    files.write_status("running")
    jobs.close()
    pretended.kill()
    jobs.records.update(id, counted=time.time() - 70)
    with files.claimed():  # as its trainer does, for 70 seconds by now
        jobs = opened(limits)
        jobs.begin()
        until(lambda: files.requested_action() == "stop")
        jobs.close()
    jobs = opened(limits)
    jobs.begin()
    until(lambda: state(jobs, id) == "stopped")
    jobs.close()
    jobs = opened(limits)
    with pytest.raises(UsageError, match="has had its 1 minutes"):
        jobs.control(ME, id, "resume")


def test_a_trainer_that_does_not_stop_is_killed(
    opened: Opener, pretended: Pretended, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "GRACE", -1.0)
    jobs = opened()
    id = jobs.start(ME, recipe())
    jobs.request(ME, id, "stop")
    jobs.trainers.look()
    pretended.processes[0].wait()
    jobs.trainers.look()
    assert state(jobs, id) == "stopped"


def test_the_oldest_runs_make_room(opened: Opener, pretended: Pretended) -> None:
    jobs = opened(replace(QUIET, runs=2))
    first, second = (jobs.start(ME, recipe()) for _ in range(2))
    with pytest.raises(UsageError, match="has 2 runs that have not ended, and it may have 2"):
        jobs.start(ME, recipe())
    jobs.request(ME, second, "stop")
    third = jobs.start(ME, recipe())
    assert [run.id for run in jobs.runs(ME)] == [first, third]
    jobs.start(OTHER, recipe())  # has room of its own
    assert len(jobs.runs(OTHER)) == 1


def test_the_disk_is_limited(opened: Opener, pretended: Pretended) -> None:
    jobs = opened(replace(QUIET, megabytes=1))
    first, second = (jobs.start(ME, recipe()) for _ in range(2))
    jobs.get(ME, first).files.checkpoint.write_bytes(bytes(2**20))
    with pytest.raises(UsageError, match="all of them are in use"):
        jobs.start(OTHER, recipe())
    jobs.get(ME, first).files.write_status("done")
    jobs.start(OTHER, recipe())
    assert [run.id for run in jobs.runs(ME)] == [second]


def test_few_may_wait(opened: Opener, pretended: Pretended) -> None:
    jobs = opened(replace(QUIET, waiting=1))
    jobs.start(ME, recipe())
    jobs.start(ME, recipe())
    with pytest.raises(UsageError, match="1 runs wait already"):
        jobs.start(OTHER, recipe())
    assert jobs.runs(OTHER) == []


def test_what_is_too_large_for_a_hosted_page_is_refused() -> None:
    HOSTED.check(3_000_000, 10_000_000, 2 * 10**9)
    OPEN.check(10**12, 10**12, 1)
    with pytest.raises(UsageError, match="has 3,000,001 parameters"):
        HOSTED.check(3_000_001, 1, 1)
    with pytest.raises(UsageError, match="10,000,001 images"):
        HOSTED.check(1, 10_000_001, 1)
    with pytest.raises(
        UsageError, match=r"about 2\.1 GB of memory, and here a run may take 2\.0 GB"
    ):
        HOSTED.check(1, 1, 2_100_000_000)


HOSTILE_IDS = [
    "",
    ".",
    "..",
    "../x",
    "/etc",
    "a/b",
    "a" * 65,
    "x\0y",
    ".hidden",
    "x/..",
    "x/.hidden",
    "../x/y",
    "x//y",
    "x/y/z",
    None,
    7,
    ["a"],
]


@pytest.mark.parametrize("id", HOSTILE_IDS, ids=repr)
def test_no_id_leads_out_of_the_folder(id: object, opened: Opener, tmp_path: Path) -> None:
    RunDir(tmp_path / "x").begin(recipe())
    RunDir(tmp_path / "runs" / ".hidden").begin(recipe())  # so that the folder is there
    jobs = opened(OPEN)
    for ask in (jobs.get, jobs.delete, jobs.rewind, partial(jobs.request, action="run")):
        with pytest.raises(UsageError, match="This browser has no run called"):
            ask(ME, id)
    assert (tmp_path / "x" / "recipe.json").exists()


def test_a_run_belongs_to_one_browser(opened: Opener, pretended: Pretended) -> None:
    jobs = opened(OPEN)
    id = jobs.start(ME, recipe())
    assert jobs.runs(OTHER) == []
    unknown = "c" * len(id)
    for ask in (jobs.get, jobs.delete, jobs.rewind, partial(jobs.request, action="run")):
        with pytest.raises(UsageError) as theirs:
            ask(OTHER, id)
        with pytest.raises(UsageError) as nobodys:
            ask(OTHER, unknown)
        assert str(theirs.value).replace(id, "") == str(nobodys.value).replace(unknown, "")
    assert ME not in (jobs.folder / id / "record.json").read_text()
    assert jobs.get(ME, id).id == id


@pytest.mark.parametrize("owner", ["", "short", "a" * 65, "../" * 8, None, 7, ["a" * 32]])
def test_only_a_token_is_an_owner(owner: str, opened: Opener) -> None:
    with pytest.raises(UsageError, match="owner must be"):
        opened().runs(owner)
    with pytest.raises(UsageError, match="owner must be"):
        opened().start(owner, recipe())


def test_runs_of_the_command_line_are_shown_where_that_is_allowed(
    opened: Opener, pretended: Pretended
) -> None:
    jobs = opened(OPEN)
    files = RunDir(jobs.folder / "by-hand")
    files.begin(recipe())
    files.write_status("running")
    assert opened(HOSTED).runs(ME) == []
    (run,) = jobs.runs(ME)
    assert (run.name, run.state) == ("by-hand", "interrupted")
    with files.claimed():
        assert state(jobs, "by-hand") == "running"
        assert files.trainer() == os.getpid()
        with pytest.raises(UsageError, match="Another process trains in"), files.claimed():
            pass
    assert holder(files.path / "lock") is None
    jobs.control(ME, "by-hand", "resume")
    assert len(pretended.processes) == 1


def test_a_checkpoint_can_be_loaded_and_deleted(opened: Opener, tmp_path: Path) -> None:
    jobs = opened()
    made = recipe()
    checkpoints.save_checkpoint(tmp_path / "mine.safetensors", build(made.model), made, {})
    content = (tmp_path / "mine.safetensors").read_bytes()
    id = jobs.adopt(ME, "loaded", content)
    run = jobs.get(ME, id)
    assert (run.name, run.state) == ("loaded", "done")
    assert run.sentence.endswith("no numbers of how they were trained: there are no curves.")
    assert run.curves().last is None and "reconstructions" in run.files.preview()
    assert run.files.checkpoint.read_bytes() == content
    assert jobs.delete(ME, id) == id
    assert os.listdir(jobs.folder) == []


def test_a_checkpoint_that_is_loaded_shows_the_numbers_that_it_holds(opened: Opener) -> None:
    jobs, made = opened(), recipe()
    results = {"epoch": 1, "held_out_distortion": 99.5, "held_out_rate": "much", "note": 7}
    content = checkpoints.packed("mine.safetensors", build(made.model), made, results)
    run = jobs.get(ME, jobs.adopt(ME, "mine", content))
    assert run.sentence.startswith(
        "mine.safetensors holds the weights and the numbers after epoch 1:"
    )
    last = run.curves().last
    assert last is not None and last["epoch"] == 1 and last["held_out_distortion"] == 99.5
    assert len(last["kl"]) == made.model.options["latent_dim"]
    assert not {"held_out_rate", "note"} & last.keys()


def test_a_file_that_is_no_model_of_this_page_is_refused(opened: Opener, tmp_path: Path) -> None:
    jobs = opened()
    checkpoints.save_checkpoint(
        tmp_path / "odd.safetensors",
        small("vae"),
        replace(recipe(), model=recipe().model._replace(options={**small_options()})),
        {},
    )
    odd = (tmp_path / "odd.safetensors").read_bytes()
    for content, words in (
        (b"", "damaged"),
        (b"PK\3\4 a zip", "damaged"),
        (odd[:-9], "damaged"),
        (odd, "12x8 pixels in 1 colours"),
    ):
        with pytest.raises(UsageError, match=words):
            jobs.adopt(ME, "", content)
    assert os.listdir(jobs.folder) == []


def small_options() -> dict[str, object]:
    return {"image_shape": (1, 8, 12), "latent_dim": 3, "width": 8, "depth": 1}


@pytest.mark.parametrize("name", ["a" * 41, "two\nlines", "\x1b[31m", 7, None])
def test_a_name_can_be_printed(name: str, opened: Opener) -> None:
    with pytest.raises(UsageError, match="The name of a run is up to 40"):
        opened().start(ME, recipe(), name)


def test_a_run_has_a_name_and_a_colour(opened: Opener, pretended: Pretended) -> None:
    jobs = opened()
    ids = [jobs.start(ME, recipe(beta=4.0)) for _ in range(3)]
    usual = "vae 2-D, beta 4"
    assert [run.name for run in jobs.runs(ME)] == [usual, f"{usual}, 2", f"{usual}, 3"]
    jobs.delete(ME, ids[1])
    jobs.start(ME, recipe(), " spaced ")
    assert [run.record.colour for run in jobs.runs(ME)] == [0, 2, 1]
    assert jobs.runs(ME)[-1].name == "spaced"
    assert record.default_name(recipe(noise=("gaussian",))) == "vae 2-D, denoising"


def test_no_two_models_have_the_same_name(opened: Opener, pretended: Pretended) -> None:
    jobs = opened()
    for _ in range(2):
        for name in ("Conv VAE 2-D", "x" * 40):  # the first is what a shipped one is called
            jobs.start(ME, recipe(), name)
    names = {run.name for run in jobs.runs(ME)}
    assert names == {"Conv VAE 2-D, 2", "Conv VAE 2-D, 3", "x" * 40, "x" * 37 + ", 2"}
    jobs.start(OTHER, recipe(), "x" * 40)
    assert jobs.runs(OTHER)[0].name == "x" * 40  # nobody sees the names of others


def test_the_metrics_of_few_runs_are_kept_in_memory(tmp_path: Path) -> None:
    for name in range(run.KEPT + 5):
        directory = RunDir(tmp_path / str(name))
        run.Run(str(name), directory, record.Record(), "done", "", None).curves()
    assert run._followed.cache_info().currsize == run.KEPT


def test_a_damaged_record_is_nobodys(opened: Opener, pretended: Pretended) -> None:
    jobs = opened(OPEN)
    id = jobs.start(ME, recipe())
    (jobs.folder / id / "record.json").write_text('{"owner": ')
    assert jobs.runs(ME) == [] and jobs.records.read(id) == record.NOBODYS


def test_a_full_disk_leaves_no_half_of_a_run(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    jobs = opened()
    monkeypatch.setattr(storage.Path, "rename", full)
    with pytest.raises(UsageError, match="cannot be kept: No space left"):
        jobs.start(ME, recipe())
    assert os.listdir(jobs.folder) == []


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="The run cannot be kept"):
        storage.make_run(tmp_path / "file" / "runs", "id", recipe(), record.Record())


def test_a_folder_that_cannot_be_written_to_is_said_at_start(
    opened: Opener, pretended: Pretended, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    storage.check_writable(tmp_path)
    storage.check_writable(tmp_path / "not" / "there")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "runs").write_text("")
    with pytest.raises(UsageError, match=r"the folder .*/runs cannot be written to .* VAE_RUNS"):
        storage.check_writable(tmp_path / "runs")
    with pytest.raises(UsageError, match="Runs cannot be kept"):
        storage.check_writable(tmp_path / "runs" / "below")
    opened().begin()
    assert "Runs cannot be kept" in caplog.text


def test_a_disk_that_is_read_only_is_said_at_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(storage, "TemporaryFile", refuse)
    with pytest.raises(UsageError, match="Read-only file system"):
        storage.check_writable(tmp_path)
