"""A model of somebody's own: it is built, saved, loaded and trained again like those that ship."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from playground.runs.disk.uploads import Shelf
from playground.runs.limits import OPEN
from playground.runs.plan import plan
from playground.runs.request import RunRequest
from playground.wire.request import read
from tests.own import Own
from vae_core import load_checkpoint, save_checkpoint
from vae_core.__main__ import main
from vae_core.data.datasets import load
from vae_core.errors import UsageError
from vae_core.models import MODELS, build, specify
from vae_core.training import checkpoints
from vae_core.training import weights as stored
from vae_core.training.config import TrainConfig
from vae_core.training.recipe import Recipe
from vae_core.training.trainer import train


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(MODELS, "own", Own)
    yield


def recipe(**options: Any) -> Recipe:
    return Recipe(specify("own", **options), "digits", "train", TrainConfig(epochs=1, seed=7))


def trained(made: Recipe) -> Own:
    """A model whose every weight and counter has moved."""
    model = build(made.model, made.config.seed)
    assert isinstance(model, Own)
    images, held_out = load("digits").images, load("digits", "validation").images
    for _ in train(model, images, made.config, held_out, torch.device("cpu")):
        pass
    return model


def test_layers_of_every_kind_begin_as_they_would_by_themselves() -> None:
    model = build(specify("own", groups=200), seed=3)
    assert isinstance(model, Own)
    assert model.log_sigma.tolist() == [0.5]
    assert model.order.tolist() == list(range(200)) and model.mask.tolist() == [True, False]
    assert model.norm.weight.eq(1).all() and model.norm.bias.eq(0).all()
    assert model.state_dict()["encoder.2.running_var"].eq(1).all()
    assert model.table.weight.mean().abs() < 0.15 and 0.9 < model.table.weight.std() < 1.1


def test_layers_of_every_kind_begin_by_the_seed_alone() -> None:
    before = torch.get_rng_state()
    first = build(specify("own"), 3).state_dict()
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(99)
    again, other = build(specify("own"), 3).state_dict(), build(specify("own"), 4).state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["table.weight"], other["table.weight"])


def test_buffers_counters_and_shared_weights_come_back(tmp_path: Path) -> None:
    made = recipe()
    model = trained(made)
    path = str(tmp_path / "own.safetensors")
    save_checkpoint(path, model, made, {"epoch": 1})
    loaded = load_checkpoint(path).model
    before, after = model.state_dict(), loaded.state_dict()
    assert before.keys() == after.keys()
    for name, tensor in before.items():
        assert after[name].dtype == tensor.dtype, name
        assert torch.equal(after[name], tensor), name
    assert after["encoder.2.num_batches_tracked"] > 0
    images = load("digits", "test").images[:9] / 255
    assert torch.equal(loaded.reconstruct(images), model.eval().reconstruct(images))


def test_a_file_with_numbers_of_another_kind_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "own.safetensors"
    made = recipe()
    save_checkpoint(path, build(made.model), made, {})
    with safe_open(path, framework="pt") as file:
        about = json.loads(file.metadata()[checkpoints.KEY])
        weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    weights["order"] = weights["order"].half()
    about["checksum"] = stored.checksum(weights)
    save_file(weights, path, {checkpoints.KEY: json.dumps(about)})
    with pytest.raises(UsageError, match="is damaged"):
        load_checkpoint(path)


@pytest.mark.parametrize("name", ["log_sigma", "exact"])
def test_what_could_not_be_loaded_is_not_saved(name: str, tmp_path: Path) -> None:
    made = recipe()
    model = build(made.model)
    with torch.no_grad():
        model.state_dict()[name].fill_(-torch.inf)
    path = tmp_path / "own.safetensors"
    with pytest.raises(UsageError, match=rf"'{name}' of the model .* persistent=False"):
        save_checkpoint(path, model, made, {})
    assert not path.exists()


def test_what_is_too_large_to_be_loaded_is_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LARGEST", 100)
    made = recipe()
    with pytest.raises(UsageError, match="at most 100 are loaded"):
        save_checkpoint(tmp_path / "own.safetensors", build(made.model), made, {})


CHOSEN = {"groups": 3, "gain": -1e-5, "gated": True, "mode": "it's -x", "sizes": (2, 3)}


def test_the_command_spells_out_options_of_its_own(tmp_path: Path) -> None:
    """Trained by the command line, and by the command in the file again: the same recipe."""
    out = tmp_path / "own.safetensors"
    words = shlex.split(recipe(**CHOSEN).command(str(out)))
    assert main(words[3:]) == 0
    first = load_checkpoint(out)
    assert first.recipe == recipe(**CHOSEN)
    again = shlex.split(first.command)[3:-1]
    assert main([*again, str(tmp_path / "again.safetensors")]) == 0
    assert load_checkpoint(tmp_path / "again.safetensors").recipe == first.recipe


def test_a_command_is_silent_about_what_is_at_its_default() -> None:
    assert recipe().command("x") == (
        "python -m vae_core train own --data digits --epochs 1 --seed 7 --out x"
    )


def test_a_run_with_layers_of_every_kind_can_go_on(tmp_path: Path) -> None:
    words = ["train", "own", "--data", "digits", "--epochs", "2", "--run-dir", str(tmp_path / "a")]
    assert main(words) == 0
    assert main(words) == 0  # from its state: nothing is left to do
    loaded = load_checkpoint(tmp_path / "a" / "checkpoint.safetensors")
    assert loaded.results["epoch"] == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"groups": 2.5}, "groups must be a whole number; got 2.5"),
        ({"groups": True}, "groups must be a whole number; got True"),
        ({"gain": float("nan")}, "gain must be a number; got nan"),
        ({"gain": "much"}, "gain must be a number; got much"),
        ({"gated": 1}, "gated must be true or false; got 1"),
        ({"mode": None}, "mode must be a text; got None"),
    ],
)
def test_an_option_without_a_range_is_of_the_kind_of_its_default(
    options: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        specify("own", **options)


def test_strangers_choose_no_option_that_has_no_range(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, OPEN)
    asked = {"model": "own", "dataset": "digits", "config": {"epochs": 1}}
    assert plan(read(RunRequest, asked), OPEN, shelf).recipe.model.name == "own"
    with pytest.raises(UsageError, match="groups has no range, so it cannot be chosen"):
        plan(read(RunRequest, {**asked, "options": {"groups": 10**9}}), OPEN, shelf)
