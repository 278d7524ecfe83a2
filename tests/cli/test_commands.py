"""The command line, run as a person would run it, on the data set that needs no network."""

import os
import re
import signal
from dataclasses import fields
from pathlib import Path

import pytest
import torch

from tests.support.few import write_cifar, write_letters
from tests.support.forked import Forked, die_in_step, hear_ctrl_c, torchrun
from tests.support.pictures import blob, files, laid
from tests.support.ports import free_port
from tests.support.samples import as_file
from tests.support.training import until
from vae_core.__main__ import main
from vae_core.data import datasets
from vae_core.data.sets.record import DataSet
from vae_core.models import build, inference
from vae_core.training import checkpoints, run
from vae_core.training.config import TrainConfig
from vae_core.training.recipe import flag, option_readers
from vae_core.training.run_directory import RunDir
from vae_core.types import Pictures, to_floats

TRAIN = ["train", "vae", "--data", "digits", "--width", "16", "--depth", "1", "--epochs", "2"]


def test_a_trained_model_is_saved_with_its_recipe_and_results(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.safetensors"
    assert main([*TRAIN, "--latent-dim", "3", "--seed", "4", "--out", str(out)]) == 0
    loaded = checkpoints.load_checkpoint(out)
    assert loaded.model.latent_dim == 3
    assert loaded.recipe.dataset == "digits"
    assert loaded.recipe.config.seed == 4
    assert loaded.results["epoch"] == 2
    assert f"Saved {out}" in capsys.readouterr().out


def test_no_second_is_time_for_one_epoch_and_the_run_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(tmp_path / "run")
    assert main([*TRAIN, "--run-dir", run, "--seconds", "0"]) == 0
    assert "weights after epoch 1." in capsys.readouterr().out
    assert RunDir(run).status()["state"] == "waiting"
    assert main(["train", "--run-dir", run]) == 0
    assert RunDir(run).epoch() == 2 and RunDir(run).status()["state"] == "done"
    assert main([*TRAIN, "--out", f"{run}.safetensors", "--seconds", "5"]) == 2
    assert "--seconds needs --run-dir" in capsys.readouterr().err


def test_like_makes_the_same_weights_again(tmp_path: Path) -> None:
    first, second = tmp_path / "first.safetensors", tmp_path / "second.safetensors"
    assert (
        main([*TRAIN, "--noise", "gaussian", "blur", "--noise-max", "0.5", "--out", str(first)])
        == 0
    )
    assert main(["train", "--like", str(first), "--out", str(second)]) == 0
    one, two = checkpoints.load_checkpoint(first), checkpoints.load_checkpoint(second)
    assert one.recipe == two.recipe
    for before, after in zip(one.model.parameters(), two.model.parameters(), strict=True):
        assert before.equal(after)


def test_the_command_in_a_checkpoint_makes_it_again(tmp_path: Path) -> None:
    out = tmp_path / "mine.safetensors"
    noise = ["--noise", "gaussian", "blur", "--noise-max", "0.5", "--beta", "2.5"]
    assert main([*TRAIN, *noise, "--out", str(out)]) == 0
    first = checkpoints.load_checkpoint(out)
    words = first.command.split()[3:]
    words[-1] = str(tmp_path / "again.safetensors")
    assert main(words) == 0
    again = checkpoints.load_checkpoint(tmp_path / "again.safetensors")
    assert again.recipe == first.recipe
    for before, after in zip(first.model.parameters(), again.model.parameters(), strict=True):
        assert before.equal(after)


@pytest.mark.parametrize("seed", [0, 5])
def test_the_seed_decides_the_first_weights(seed: int, tmp_path: Path) -> None:
    out = tmp_path / "mine.safetensors"
    words = ["train", "vanilla", "--data", "digits", "--epochs", "0", "--latent-dim", "3"]
    assert main([*words, "--seed", str(seed), "--out", str(out)]) == 0
    found = checkpoints.load_checkpoint(out)
    fresh = build(found.recipe.model, seed).encoder.state_dict()  # the decoder is fitted first
    for name, weight in found.model.encoder.state_dict().items():
        assert weight.equal(fresh[name].half().float()), name


@pytest.mark.parametrize("place", ["--out", "--run-dir"])
def test_images_of_another_shape_are_refused_in_a_sentence(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def read(split: str, download: bool) -> Pictures:
        return Pictures(torch.zeros(80, 3, 32, 32, dtype=torch.uint8), torch.zeros(80).long())

    monkeypatch.setitem(datasets.DATASETS, "colourful", DataSet("Colours", ("a", "b"), 80, read))
    assert datasets.present("colourful") and datasets.count("colourful") == 80
    words = ["train", "vae", "--data", "colourful", "--epochs", "1"]
    assert main([*words, place, str(tmp_path / "mine")]) == 2
    said = capsys.readouterr().err
    assert "'vae' is built for images of 1x28x28" in said and "got 3x32x32" in said
    assert "Traceback" not in said and len(said.splitlines()) == 1
    assert main(["data", "colourful"]) == 0
    assert "colourful test: 80 images of 32x32" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("data", "model", "shape", "classes"),
    [("cifar10", "conv-vae", (3, 32, 32), None), ("letters", "cvae", (1, 28, 28), 26)],
)
def test_a_model_is_built_for_its_data_set_and_its_command_makes_it_again(
    data: str,
    model: str,
    shape: tuple[int, ...],
    classes: int | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VAE_DATA_DIR", str(tmp_path))
    write_letters(tmp_path) if data == "letters" else write_cifar(tmp_path, monkeypatch)
    out = tmp_path / "mine.safetensors"
    words = ["train", model, "--data", data, "--epochs", "1", "--width", "4", "--latent-dim", "3"]
    assert main([*words, "--out", str(out)]) == 0
    first = checkpoints.load_checkpoint(out)
    assert (
        first.model.image_shape == shape and first.recipe.model.options.get("classes") == classes
    )
    again = tmp_path / "again.safetensors"
    assert main([*first.command.split()[3:-1], str(again)]) == 0
    assert checkpoints.load_checkpoint(again).recipe == first.recipe
    pictures = datasets.load(data, "test")
    told = first.model.told(pictures.labels[:9]) if classes else first.model
    assert inference.reconstruct(told, to_floats(pictures.images[:9])).shape == (9, *shape)


def test_a_flag_changes_what_like_starts_from(tmp_path: Path) -> None:
    first, second = tmp_path / "first.safetensors", tmp_path / "second.safetensors"
    main([*TRAIN, "--out", str(first)])
    main(["train", "--like", str(first), "--beta", "4", "--width", "8", "--out", str(second)])
    changed = checkpoints.load_checkpoint(second).recipe
    assert changed.config.beta == 4.0
    assert changed.model.options["width"] == 8
    assert changed.config.epochs == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train", "conv-vea"], "Did you mean 'conv-vae'"),
        (["train"], "Name a model to train, or a checkpoint with --like"),
        (["train", "vae", "--epochs", "-1"], "epochs must be a whole number from 0"),
        (["train", "vae", "--learning-rate", "nan"], "learning_rate must be a number"),
        (["train", "vae", "--latent-dim", "100000"], "latent_dim must be a whole number from 1"),
        (["train", "vae", "--noise", "snow"], "No corruption is called 'snow'"),
        (["train", "vae", "--data", "mnits"], "Did you mean 'mnist'"),
        (["train", "vae", "--data", "digits", "--device", "tpu"], "No device is called 'tpu'"),
        (["train", "pca", "--width", "8"], "No option of 'pca' is called 'width'"),
        (["train", "--like", "gone.safetensors"], "There is no checkpoint at gone.safetensors"),
    ],
)
def test_a_wrong_command_is_one_sentence(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--out", str(tmp_path / "x.safetensors")]) == 2
    said = capsys.readouterr().err
    assert message in said and "Traceback" not in said


def test_a_folder_that_is_not_there_is_noticed_before_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*TRAIN, "--out", str(tmp_path / "gone" / "x.safetensors")]) == 2
    assert "Make it first" in capsys.readouterr().err


def test_ctrl_c_keeps_the_last_whole_epoch(tmp_path: Path) -> None:
    out = tmp_path / "mine.safetensors"
    words = [*TRAIN[:-1], "100000", "--out", str(out)]
    child = Forked(words, tmp_path / "said.txt", hear_ctrl_c)
    until(lambda: out.exists() and checkpoints.load_checkpoint(out).results["epoch"] > 1)
    os.kill(child.pid, signal.SIGINT)
    assert child.wait() == 0
    said = (tmp_path / "said.txt").read_text()
    epoch = checkpoints.load_checkpoint(out).results["epoch"]
    assert epoch >= 1
    # Ctrl-C may come when an epoch is in the file already and no note is taken of it yet.
    assert any(f"holds the weights after epoch {last}." in said for last in (epoch, epoch - 1))


def test_data_says_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "digits"]) == 0
    assert "digits test: 300 images" in capsys.readouterr().out


def die_in_the_third_epoch() -> None:
    """Of epochs that are saved one by one, as those are that last longer."""
    run.SELDOM = 0.0
    die_in_step(13)


def test_a_killed_run_goes_on_from_its_last_whole_epoch(tmp_path: Path) -> None:
    """kill -9 in the middle of an epoch, then `train --run-dir` alone: the very same weights."""
    words = [*TRAIN[:-1], "4", "--batch-size", "240"]  # five steps an epoch
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert main([*words, "--run-dir", str(whole)]) == 0
    words_of_it = [*words, "--run-dir", str(cut)]
    child = Forked(words_of_it, tmp_path / "said.txt", die_in_the_third_epoch)
    assert child.wait() == -signal.SIGKILL
    done = [line["epoch"] for line in RunDir(cut).metrics() if line["kind"] == "epoch"]
    assert done == [1, 2]
    assert RunDir(cut).status()["state"] == "running"  # nobody could say otherwise
    assert main(["train", "--run-dir", str(cut)]) == 0
    one = checkpoints.load_checkpoint(whole / "checkpoint.safetensors")
    two = checkpoints.load_checkpoint(cut / "checkpoint.safetensors")
    for before, after in zip(one.model.parameters(), two.model.parameters(), strict=True):
        assert before.equal(after)
    epochs = [line["epoch"] for line in RunDir(cut).metrics() if line["kind"] == "epoch"]
    assert epochs == [1, 2, 3, 4]


def test_two_processes_learn_what_one_does(tmp_path: Path) -> None:
    """The same seed and the same batches; only the codes' noise is drawn differently.

    The processes are told of each other as `torchrun` does it: see the test below.
    """
    words = [*TRAIN[:-1], "2", "--batch-size", "64", "--precision", "float32", "--device", "cpu"]
    assert main([*words, "--run-dir", str(tmp_path / "1")]) == 0
    shared = {"WORLD_SIZE": 2, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port()}
    ranks = [
        Forked(
            [*words, "--run-dir", str(tmp_path / "2")],
            tmp_path / f"said-{rank}.txt",
            **{"RANK": rank, "LOCAL_RANK": rank, **shared},
        )
        for rank in range(2)
    ]
    assert [rank.wait() for rank in ranks] == [0, 0]
    one, two = (
        [line for line in RunDir(tmp_path / name).metrics() if line["kind"] == "epoch"]
        for name in ("1", "2")
    )
    assert [line["epoch"] for line in two] == [1, 2]
    for alone, together in zip(one, two, strict=True):
        for curve in ("train_distortion", "held_out_distortion"):
            assert together[curve] == pytest.approx(alone[curve], rel=0.01)


def test_torchrun_tells_its_processes_of_each_other(tmp_path: Path) -> None:
    noted = f'echo "$RANK $LOCAL_RANK $WORLD_SIZE $MASTER_ADDR $MASTER_PORT" > {tmp_path}/$RANK'
    words = ["--standalone", "--nproc-per-node", "2", "--no-python", "sh", "-c", noted]
    launcher = Forked(words, tmp_path / "said.txt", program=torchrun)
    assert launcher.wait() == 0, (tmp_path / "said.txt").read_text()
    (first, address), (second, other) = (
        (tmp_path / rank).read_text().strip().split(" 2 ") for rank in "01"
    )
    assert (first, second) == ("0 0", "1 1")
    assert address == other and re.fullmatch(r"\S+ \d+", address)


@pytest.mark.parametrize("count", [12, 30])
def test_a_handful_of_pictures_can_be_trained_on(
    count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    laid(tmp_path / "few", files(count))
    words = ["train", "vae", "--width", "4", "--depth", "0", "--latent-dim", "2", "--epochs", "2"]
    words += ["--data", f"folder:{tmp_path / 'few'}", "--run-dir", str(tmp_path / "run")]
    assert main(words) == 0
    assert f"{count} pictures in 2 classes" in capsys.readouterr().err
    assert RunDir(tmp_path / "run").status()["state"] == "done"


def test_a_run_that_collapsed_says_so_where_it_is_watched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = RunDir(tmp_path / "run")
    assert main([*TRAIN, "--beta", "1000", "--run-dir", str(run.path)]) == 0
    sentence = run.status()["sentence"]
    assert "It has probably collapsed" in sentence
    assert f"WARNING: {sentence}" in capsys.readouterr().err


def test_pictures_that_are_all_the_same_are_no_proof_of_a_collapse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    laid(tmp_path / "same", dict.fromkeys((f"{n}.png" for n in range(20)), as_file(blob(1))))
    words = ["train", "vae", "--width", "4", "--latent-dim", "2", "--epochs", "1"]
    words += ["--data", f"folder:{tmp_path / 'same'}", "--out", str(tmp_path / "x.safetensors")]
    assert main(words) == 0
    said = capsys.readouterr().err
    assert "They are all the same picture" in said and "All pictures are the same one" in said
    assert "collapsed" not in said and "0.0000" not in said


def test_the_flags_that_advice_names_are_there() -> None:
    source = "\n".join(path.read_text() for path in Path("vae_core").rglob("*.py"))
    known = set(re.findall(r'add_argument\(\s*"(--[a-z-]+)"', source))
    known |= {flag(field.name) for field in fields(TrainConfig)} | set(map(flag, option_readers()))
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", source))
    assert named <= known | {"--help"}, named - known
