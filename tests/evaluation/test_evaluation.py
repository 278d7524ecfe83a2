"""The evaluation, on small real digits, and the promises of the checkpoints that ship."""

import json
import os
from math import prod
from pathlib import Path
from shutil import copy

import pytest
import torch

from tests.support.few import FEW
from vae_core import types
from vae_core.__main__ import main
from vae_core.data import datasets
from vae_core.data.drawings.digit import to_digit
from vae_core.data.strokes import draw, example_digits
from vae_core.errors import UsageError
from vae_core.evaluation import classifier, metrics, report
from vae_core.evaluation.classifier import accuracy, load_classifier, train_classifier
from vae_core.evaluation.report import codes_used, evaluate
from vae_core.evaluation.tables import in_markdown
from vae_core.models import build, inference, specify
from vae_core.training import checkpoints
from vae_core.training.config import TrainConfig
from vae_core.training.recipe import Recipe

SHIPPED = Path(__file__).parent.parent.parent / "checkpoints"
NAMES = list(json.loads((SHIPPED / "metrics.json").read_text()))


@pytest.fixture(scope="module")
def table() -> dict:
    return json.loads((SHIPPED / "metrics.json").read_text())


@pytest.fixture(scope="module")
def digit_classifier() -> torch.nn.Sequential:
    return load_classifier(SHIPPED / "classifier" / "classifier.safetensors")


@pytest.fixture(scope="module")
def drawn() -> tuple[torch.Tensor, torch.Tensor]:
    """The example digits as the models see them, [b, 1, h, w], and their classes."""
    examples = example_digits()
    digits = torch.stack([torch.from_numpy(to_digit(draw(one.strokes))) for one in examples])
    return types.to_floats(digits[:, None]), torch.tensor([one.label for one in examples])


def test_a_checkpoint_is_measured_and_both_tables_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(datasets.DATASETS, "mnist", FEW)
    monkeypatch.setattr(classifier, "EPOCHS", 6)
    monkeypatch.setattr(classifier, "BATCH", 16)
    for name in ("pca", "vae"):
        words = ["train", name, "--latent-dim", "8", "--data", "digits", "--epochs"]
        main(
            [*words, "0" if name == "pca" else "3", "--out", str(tmp_path / f"{name}.safetensors")]
        )
    measured = dict(evaluate(tmp_path, []))
    assert list(measured) == ["pca", "vae"]
    assert json.loads((tmp_path / "metrics.json").read_text()) == measured
    pca, test = measured["pca"], FEW.read("test", False)
    model = checkpoints.load_checkpoint(tmp_path / "pca.safetensors").model
    images = types.to_floats(test.images)
    assert pca["mse"] == pytest.approx(metrics.mean_squared_error(model, images), abs=1e-5)
    assert pca["judge_accuracy"] > 0.9
    assert pca["keep_rate"] > 0.7
    assert pca["rate_nats"] == 0 < measured["vae"]["rate_nats"]
    assert pca["n_images"] == 100
    assert pca["noisy_psnr_db"]["0.25"] > pca["noisy_psnr_db"]["0.75"]
    page = (tmp_path / "README.md").read_text()
    assert f"{pca['mse']:.5f}" in page and "python -m vae_core train vae" in page
    # Measuring one again leaves the other's numbers as they are.
    assert [name for name, _ in evaluate(tmp_path, ["vae"])] == ["vae"]
    assert json.loads((tmp_path / "metrics.json").read_text()) == measured


def test_a_model_that_can_be_told_is_measured_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(datasets.DATASETS, "mnist", FEW)
    monkeypatch.setattr(report, "ASKED", 30)
    (tmp_path / "classifier").mkdir()
    copy(SHIPPED / "classifier" / "classifier.safetensors", tmp_path / "classifier")
    words = ["train", "cvae", "--latent-dim", "4", "--width", "4", "--data", "digits"]
    main([*words, "--epochs", "3", "--out", str(tmp_path / "cvae.safetensors")])
    told = dict(evaluate(tmp_path, []))["cvae"]["told"]
    model = checkpoints.load_checkpoint(tmp_path / "cvae.safetensors").model
    test = FEW.read("test", False)
    images = types.to_floats(test.images)
    mse = (model.told(test.labels).reconstruct(images) - images).square().mean().item()
    assert told["mse"] == pytest.approx(mse, abs=1e-5)
    found = inference.distortion_and_rate(model, images, labels=test.labels)
    assert (told["distortion_nats"], told["rate_nats"]) == pytest.approx(found, abs=1e-4)
    assert told["n_samples"] == 300 and 0 <= told["asked_rate"] <= 1
    page = (tmp_path / "README.md").read_text()
    assert "## Told the class" in page and f"{told['asked_rate']:.2%}" in page


def test_the_shipped_model_that_is_told_a_class_draws_that_class(
    digit_classifier: torch.nn.Sequential, table: dict
) -> None:
    for name in (name for name in NAMES if "told" in table[name]):
        model = checkpoints.load_checkpoint(SHIPPED / f"{name}.safetensors").model
        latents = model.sample_prior(1000, torch.Generator().manual_seed(1))
        labels = torch.arange(1000) % model.classes
        drawn = model.told(labels).decode(latents)
        assert accuracy(digit_classifier, drawn, labels) > 0.97
        assert table[name]["told"]["asked_rate"] >= 0.98
        assert table[name]["told"]["mse"] < table[name]["mse"]


def test_a_model_of_other_images_is_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(datasets.DATASETS, "mnist", FEW)
    (tmp_path / "classifier").mkdir()
    copy(SHIPPED / "classifier" / "classifier.safetensors", tmp_path / "classifier")
    recipe = Recipe(specify("vae", image_shape=(3, 32, 32), latent_dim=2, width=4))
    checkpoints.save_checkpoint(tmp_path / "odd.safetensors", build(recipe.model), recipe, {})
    for command in (["evaluate"], ["embed", "odd"]):
        assert main([*command, "--folder", str(tmp_path)]) == 2
        said = capsys.readouterr().err
        assert "'odd' is built for images of 3x32x32" in said and "got 1x28x28" in said


def test_the_classifier_is_the_same_each_time_from_one_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(classifier, "EPOCHS", 2)
    monkeypatch.setattr(classifier, "BATCH", 32)
    test = FEW.read("test", False)
    first, second = (train_classifier(test.images, test.labels, seed=3) for _ in range(2))
    for one, two in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, two)


def test_a_missing_classifier_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"missing or damaged.*trains it again"):
        load_classifier(tmp_path / "gone.safetensors")


def test_every_checkpoint_of_the_table_ships_and_fits() -> None:
    files = sorted(SHIPPED.glob("*.safetensors"))
    assert {path.stem for path in files} == set(NAMES)
    assert sum(path.stat().st_size for path in files) < 31e6


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_model_was_trained_on_every_training_image_and_measured(
    name: str, table: dict
) -> None:
    loaded = checkpoints.load_checkpoint(SHIPPED / f"{name}.safetensors")
    assert (loaded.recipe.dataset, loaded.recipe.split) == ("mnist", "all")
    assert loaded.recipe.config.epochs == loaded.results["epoch"]
    assert loaded.model.latent_dim == table[name]["code_numbers"]
    size = prod(loaded.model.grid) if loaded.model.codes else loaded.model.latent_dim
    assert size == int(name.split("-")[-1])
    assert table[name]["n_images"] == 10_000
    assert table[name]["parameters"] == sum(w.numel() for w in loaded.model.parameters())


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_model_remembers_drawn_digits(
    name: str, digit_classifier: torch.nn.Sequential, drawn: tuple[torch.Tensor, torch.Tensor]
) -> None:
    """What comes back of the example digits is still the digit, more often for longer codes."""
    images, labels = drawn
    assert accuracy(digit_classifier, images, labels) == 1.0
    model = checkpoints.load_checkpoint(SHIPPED / f"{name}.safetensors").model
    kept = accuracy(digit_classifier, inference.reconstruct(model, images), labels)
    assert kept >= (0.9 if model.latent_dim >= 20 else 0.5)


def test_the_page_beside_the_checkpoints_is_what_evaluate_writes(table: dict) -> None:
    loaded = [checkpoints.load_checkpoint(path) for path in sorted(SHIPPED.glob("*.safetensors"))]
    assert (SHIPPED / "README.md").read_text() == in_markdown(loaded, table)


@pytest.mark.parametrize("name", NAMES)
def test_the_table_is_what_the_weights_reach(name: str, table: dict) -> None:
    if not os.environ.get("VAE_DATA_DIR"):
        pytest.skip("needs MNIST: set VAE_DATA_DIR to where it is")
    images = types.to_floats(datasets.load("mnist", "test").images)
    model = checkpoints.load_checkpoint(SHIPPED / f"{name}.safetensors").model
    assert metrics.mean_squared_error(model, images) == pytest.approx(table[name]["mse"], rel=0.01)


def test_a_model_whose_target_is_not_its_input_is_not_measured(tmp_path: Path) -> None:
    recipe = Recipe(specify("conv", latent_dim=2, width=2), config=TrainConfig(task="segment"))
    model = build(recipe.model)
    checkpoints.save_checkpoint(tmp_path / "strokes.safetensors", model, recipe, {})
    with pytest.raises(UsageError, match="'strokes' learnt the task 'segment'"):
        list(evaluate(tmp_path, []))


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("vq-")])
def test_a_shipped_model_of_codes_uses_them_all_and_is_small(name: str, table: dict) -> None:
    codes = table[name]["codes"]
    assert codes["used"] == codes["count"] and codes["perplexity"] > 0.5 * codes["count"]
    assert codes["bits"] <= 256 and table[name]["mse"] <= table["conv-32"]["mse"]
    images = types.to_floats(datasets.load("digits", "test").images)
    model = checkpoints.load_checkpoint(SHIPPED / f"{name}.safetensors").model
    found = codes_used(model, model.encode(images))
    assert found["count"] == codes["count"] and found["used"] <= codes["used"]
    shares = torch.bincount(model.codes_of(model.encode(images)).flatten()).double()
    entropy = torch.distributions.Categorical(shares).entropy()
    assert found["perplexity"] == pytest.approx(entropy.exp().item(), abs=0.1)
