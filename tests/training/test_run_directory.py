"""Run directories: a run can be watched, paused, stopped, killed and gone on with."""

import json
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
import torch

from tests.conftest import SHAPE, small
from tests.training.test_trainer import QUICK, bars, classes
from vae_core.errors import UsageError
from vae_core.models import Autoencoder, specify
from vae_core.training import checkpoints
from vae_core.training.config import TrainConfig
from vae_core.training.preview import preview
from vae_core.training.recipe import Recipe
from vae_core.training.run import _Lease, drive, show_untrained
from vae_core.training.run_directory import RunDir
from vae_core.training.trainer import Progress, Report, Trainer

IMAGES, HELD_OUT = bars(128), bars(32, seed=1)
LABELS = classes(IMAGES), classes(HELD_OUT)
CPU = torch.device("cpu")


def recipe(name: str = "vae", config: TrainConfig = QUICK) -> Recipe:
    sizes = {"latent_dim": 3, "width": 8, "depth": 1, "sparsity": 0.5}
    known = specify(name).options
    options = {option: value for option, value in sizes.items() if option in known}
    return Recipe(specify(name, image_shape=SHAPE, **options), "digits", "train", config)


def start(run: RunDir, what: Recipe) -> tuple[Autoencoder, list]:
    """Goes on with the run to its end, or until it is stopped."""
    model = small(what.model.name)
    run.begin(what)
    trainer = Trainer(model, IMAGES, what.config, HELD_OUT, CPU, *LABELS)
    return model, list(drive(trainer, run, what))


def weights(model: Autoencoder) -> list[torch.Tensor]:
    return [weight.detach().clone() for weight in model.parameters()]


def killed_after(run: RunDir, what: Recipe, epochs: int) -> None:
    """Leaves `run` as a kill in the middle of the next epoch would."""
    run.begin(what)
    trainer = Trainer(small(what.model.name), IMAGES, what.config, HELD_OUT, CPU, *LABELS)
    going = drive(trainer, run, what)
    for report in going:
        if isinstance(report, Report) and report.epoch == epochs:
            break
    next(trainer.run_epoch(), None)  # work that is lost
    with open(run.path / "metrics.jsonl", "ab") as metrics:
        metrics.write(b'{"kind": "progress", "epoch": 1.5, "train_dis')


def test_a_run_trained_in_pieces_is_the_run_trained_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = cycle([False, True])  # two epochs each
    monkeypatch.setattr("vae_core.training.run._Lease.is_over", lambda _: next(over))
    what, run = recipe(config=replace(QUICK, epochs=5)), RunDir(tmp_path / "pieces")
    seen = []
    while run.status()["state"] != "done":
        model, _ = start(run, what)
        seen.append((run.epoch(), run.status()["state"]))
    assert seen == [(2, "waiting"), (4, "waiting"), (5, "done")]
    monkeypatch.undo()
    wanted, _ = start(RunDir(tmp_path / "whole"), what)
    for piecewise, at_once in zip(model.parameters(), wanted.parameters(), strict=True):
        assert torch.equal(piecewise, at_once)


def test_no_epoch_is_begun_that_would_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([100.0, 104.0, 107.0, 110.5])
    monkeypatch.setattr("vae_core.training.run.time", SimpleNamespace(monotonic=lambda: next(now)))
    lease = _Lease(seconds=11)
    assert [lease.is_over() for _ in range(3)] == [False, False, True]


def test_weights_of_moments_are_there_before_the_first_epoch_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vae_core.training.run.TELL", 0.0)  # a line for every step but the last
    what, run = recipe(config=replace(QUICK, batch_size=16)), RunDir(tmp_path)
    run.begin(what)
    trainer = Trainer(small("vae"), IMAGES, what.config, HELD_OUT, CPU)
    going, seen = drive(trainer, run, what), []
    for report in going:
        if isinstance(report, Report):
            break
        seen.append(checkpoints.load_checkpoint(run.newest).checksum)
        assert run.newest == run.moment
    assert len(seen) == 7 and len(set(seen)) == 3  # after the first, the second and the fourth
    assert run.newest == run.checkpoint
    list(going)
    assert run.moment.exists()  # nobody who reads it is interrupted
    monkeypatch.undo()
    whole, _ = start(RunDir(tmp_path / "unwatched"), what)
    assert all(map(torch.equal, weights(trainer.model), weights(whole)))


def test_a_killed_run_goes_on_as_if_nothing_had_happened(
    model_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vae_core.training.run.SELDOM", 0.0)  # as for epochs that last longer
    what = recipe(model_name, replace(QUICK, epochs=4, noise=("gaussian",), noise_max=0.5))
    whole, reports = start(RunDir(tmp_path / "whole"), what)
    killed_after(RunDir(tmp_path / "cut"), what, epochs=2)
    resumed, rest = start(RunDir(tmp_path / "cut"), what)
    assert [report.epoch for report in rest if isinstance(report, Report)] == [3, 4]
    for one, two in zip(weights(whole), weights(resumed), strict=True):
        assert torch.equal(one, two)
    lines = RunDir(tmp_path / "cut").metrics()
    assert [line["epoch"] for line in lines if line["kind"] == "epoch"] == [1, 2, 3, 4]
    assert lines[-1]["held_out_distortion"] == reports[-1].held_out_distortion


def test_short_epochs_are_written_together_and_told_once_they_can_be_gone_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty epochs of a moment each: the first one, the last, and one a second asks for the disk."""
    clock = [0.0]
    monkeypatch.setattr("vae_core.training.run.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("vae_core.training.run.SELDOM", 10.0)
    run, what = RunDir(tmp_path), recipe("vanilla", replace(QUICK, epochs=50))
    run.begin(what)
    saved: list[int] = []
    save, written = run.save_state, []
    monkeypatch.setattr(
        run, "save_state", lambda *given: (saved.append(given[1]["epoch"]), save(*given))
    )
    trainer = Trainer(small("vanilla"), IMAGES, what.config, HELD_OUT, CPU)
    for report in drive(trainer, run, what):
        clock[0] += isinstance(report, Report)
        written.append(run.epoch())
        assert run.epoch() == saved[-1]  # nothing is told that a kill could take back
    assert saved == [1, 11, 21, 31, 41, 50]
    assert [line["epoch"] for line in run.metrics() if line["kind"] == "epoch"] == [*range(1, 51)]
    assert written[-1] == 50


def test_a_pause_saves_the_epoch_that_it_comes_after(tmp_path: Path) -> None:
    run, what = RunDir(tmp_path), recipe("vanilla", replace(QUICK, epochs=100))
    run.begin(what)
    trainer = Trainer(small("vanilla"), IMAGES, what.config, HELD_OUT, CPU)
    for report in drive(trainer, run, what):
        if isinstance(report, Report) and report.epoch == 7:
            run.request("stop")
    assert trainer.epoch == run.epoch() == 7
    found = run.state()
    assert found is not None and found[1]["epoch"] == 7
    assert run.status()["sentence"] == "Stopped after epoch 7."


@pytest.mark.parametrize("kept", [0, 40])
def test_a_kill_before_its_lines_are_written_loses_none_of_them(
    kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the state is saved, and before, or while, the lines of its epochs are."""
    monkeypatch.setattr("vae_core.training.run.SELDOM", 1e9)  # all epochs but the first at once
    run, what = RunDir(tmp_path), recipe("vanilla", replace(QUICK, epochs=4))
    append = RunDir.append_lines

    def die(files: RunDir, lines: list) -> None:
        if lines[-1].get("epoch") != 4:
            return append(files, lines)
        with open(files.path / "metrics.jsonl", "ab") as metrics:
            metrics.write(b"".join(json.dumps(each).encode() for each in lines)[:kept])
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(RunDir, "append_lines", die)
        start(run, what)
    assert run.epoch() == 1
    start(run, what)
    epochs = [line for line in run.metrics() if line["kind"] == "epoch"]
    assert [line["epoch"] for line in epochs] == [1, 2, 3, 4]
    assert all(line["held_out_distortion"] > 0 for line in epochs)
    start(run, what)  # and adds none twice
    assert len([line for line in run.metrics() if line["kind"] == "epoch"]) == 4


def test_a_run_leaves_all_that_its_watchers_need(tmp_path: Path) -> None:
    run, what = RunDir(tmp_path / "run"), recipe()
    model, _ = start(run, what)
    assert run.status()["state"] == "done"
    assert run.recipe() == what
    loaded = checkpoints.load_checkpoint(run.checkpoint)
    for one, two in zip(weights(model), loaded.model.parameters(), strict=True):
        assert torch.equal(one, two)
    epochs = [line for line in run.metrics() if line["kind"] == "epoch"]
    assert [line["epoch"] for line in epochs] == [1, 2, 3]
    assert len(epochs[-1]["kl"]) == 3
    assert sum(epochs[-1]["kl"]) == pytest.approx(epochs[-1]["held_out_rate"], rel=1e-3)
    assert run.preview()["reconstructions"].shape == (10, *SHAPE)


def test_numbers_of_earlier_versions_are_read_by_their_new_names(tmp_path: Path) -> None:
    run = RunDir(tmp_path)
    run.append("epoch", epoch=1, train_rate=3.0, test_distortion=80.0, test_rate=2.0)
    (line,) = run.metrics()
    assert (line["held_out_distortion"], line["held_out_rate"], line["train_rate"]) == (80, 2, 3)
    made, results = recipe(), {"epoch": 1, "test_distortion": 80.0, "test_rate": 2.0}
    checkpoints.save_checkpoint(run.checkpoint, small("vae"), made, results)
    found = checkpoints.load_checkpoint(run.checkpoint).results
    assert found == {"epoch": 1, "held_out_distortion": 80.0, "held_out_rate": 2.0}


def test_a_run_can_be_paused_and_stopped(tmp_path: Path) -> None:
    run, what = RunDir(tmp_path / "run"), recipe(config=replace(QUICK, epochs=10**4))
    run.begin(what)
    trainer = Trainer(small("vae"), IMAGES, what.config, HELD_OUT, CPU)
    going = drive(trainer, run, what)
    waiter = Thread(target=lambda: list(going))
    waiter.start()

    def wait_until_paused(epoch: int) -> None:
        while run.status()["state"] != "paused" or trainer.epoch < epoch:
            assert waiter.is_alive()

    run.request("pause")
    wait_until_paused(0)
    epoch = trainer.epoch
    run.request("step")
    wait_until_paused(epoch + 1)
    assert trainer.epoch == epoch + 1
    epoch = trainer.epoch
    run.request("stop")
    waiter.join(timeout=600)
    assert trainer.epoch == epoch
    assert run.status() == run.status() | {
        "state": "stopped",
        "sentence": f"Stopped after epoch {epoch}.",
    }


def test_progress_is_told_within_an_epoch_and_adds_up() -> None:
    trainer = Trainer(small("vae"), IMAGES, QUICK, HELD_OUT, CPU)
    *told, report = trainer.run_epoch(every=0.0)
    assert [part.epoch for part in told] == pytest.approx([n / 8 for n in range(1, 8)])
    assert all(isinstance(part, Progress) for part in told)
    assert isinstance(report, Report) and report.seconds_left > 0


def test_a_directory_keeps_to_its_run(tmp_path: Path) -> None:
    run = RunDir(tmp_path / "run")
    run.begin(recipe())
    run.begin(recipe())
    with pytest.raises(UsageError, match="holds another run"):
        run.begin(recipe("conv-vae"))


def test_what_is_missing_or_damaged_is_explained(tmp_path: Path) -> None:
    run = RunDir(tmp_path)
    with pytest.raises(UsageError, match="There is no run in"):
        run.recipe()
    assert run.metrics() == [] and run.preview() == {} and run.state() is None
    assert run.status()["state"] == "waiting" and run.requested_action() == "run"
    (tmp_path / "recipe.json").write_text("{}")
    with pytest.raises(UsageError, match="is damaged"):
        run.recipe()
    (tmp_path / "state.safetensors").write_bytes(b"nonsense")
    with pytest.raises(UsageError, match="is damaged, so this run cannot go on"):
        run.state()
    with pytest.raises(UsageError, match="Did you mean 'pause'"):
        run.request("puase")
    (tmp_path / "control").write_text("explode")
    assert run.requested_action() == "run"


@pytest.mark.parametrize("name", ["vae", "vanilla"])
def test_a_preview_of_a_2d_code_has_a_map(name: str) -> None:
    made = preview(small(name, latent_dim=2), HELD_OUT, QUICK)
    assert made.tensors["sheet"].shape == (15, 15, *SHAPE)
    assert made.tensors["codes"].shape == (32, 2)
    assert ("kl" in made.numbers) == (name == "vae")


def test_the_map_of_a_variational_model_reaches_as_far_as_its_latents() -> None:
    model = small("vae", latent_dim=2)
    assert preview(model, HELD_OUT, QUICK).tensors["square"].tolist() == [-3, -3, 6]
    with torch.no_grad():
        for weight in list(model.encoder.parameters())[-2:]:
            weight.mul_(1000)
    made = preview(model, HELD_OUT, QUICK)
    left, bottom, side = made.tensors["square"].tolist()
    assert left == bottom == -side / 2 and left == round(left)
    latents = made.tensors["codes"].abs()
    assert latents.max() > 3 and (latents <= side / 2).float().mean() > 0.95


def test_the_first_pictures_need_no_trainer(tmp_path: Path) -> None:
    for name in ("vae", "pca"):
        (tmp_path / name).mkdir()
        show_untrained(small(name), RunDir(tmp_path / name), recipe(name), IMAGES, HELD_OUT)
    assert not RunDir(tmp_path / "pca").preview()  # it has to be fitted first
    shown = RunDir(tmp_path / "vae").preview()
    trainer = Trainer(small("vae"), IMAGES, QUICK, HELD_OUT, CPU)
    wanted = preview(trainer.model, HELD_OUT, QUICK).tensors
    assert shown.keys() == wanted.keys()
    assert all(torch.equal(shown[key], wanted[key]) for key in wanted)
