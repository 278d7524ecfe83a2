"""The models of the Learn tab: what ships fits its recipes, and what is measured of them is so."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from playground.store.models import Store
from tests.support.few import FEW
from vae_core import types
from vae_core.__main__ import main
from vae_core.cli import experiments
from vae_core.data import datasets
from vae_core.errors import UsageError
from vae_core.evaluation import metrics
from vae_core.evaluation.compression import QUALITIES, dequantise, jpeg, png, quantise, span_of
from vae_core.experiments import catalogue
from vae_core.experiments.catalogue import Racer
from vae_core.experiments.measure import measure_files
from vae_core.experiments.report import in_markdown
from vae_core.experiments.train import is_trained, run_race, ten_digits, train_missing
from vae_core.models import PCA, ModelSpec, build, inference, specify
from vae_core.training.config import TrainConfig
from vae_core.training.recipe import Recipe

SHIPPED = Path(__file__).parent.parent.parent / "checkpoints" / "experiments"
CLASSIFIER = SHIPPED.parent / "classifier" / "classifier.safetensors"


def tiny(model: str, epochs: int = 1, task: str = "same", **options: int) -> Recipe:
    config = TrainConfig(epochs=epochs, task=task)
    return Recipe(ModelSpec(model, options), "digits", "all", config)


TINY = {
    "pca-k64": tiny("pca", 0, latent_dim=64),
    "vae-k2": tiny("vae", latent_dim=2, width=8, depth=1),
    "beta-4": tiny("vae", latent_dim=2, width=8, depth=0),
    "colour": tiny("conv", latent_dim=2, width=2, task="colour"),
    "segment": tiny("conv", latent_dim=2, width=2, task="segment"),
}
RACERS = {
    "slow": Racer(tiny("vanilla", 3, latent_dim=2, width=8, depth=1), (1, 3)),
    "fast": Racer(tiny("vae", 1, latent_dim=2, width=8), (1,)),
}


@pytest.fixture(scope="module")
def table() -> dict:
    return json.loads((SHIPPED / "metrics.json").read_text())


@pytest.fixture(scope="module")
def race() -> dict:
    return json.loads((SHIPPED / "race.json").read_text())


def test_what_ships_is_what_the_recipes_make_and_is_small() -> None:
    files = sorted(SHIPPED.glob("*.safetensors"))
    assert {path.stem for path in files} == set(catalogue.FILES)
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 10e6
    for path in files:
        assert is_trained(path, catalogue.FILES[path.stem]), path.stem


def test_every_model_of_the_learn_tab_loads_and_was_measured(table: dict) -> None:
    assert set(table["models"]) == set(catalogue.NAMES)
    for name in catalogue.NAMES:
        found, numbers = catalogue.load(SHIPPED, name), table["models"][name]
        assert found.name == name
        assert found.checksum == numbers["checksum"]
        assert found.model.latent_dim == numbers["code_numbers"]
        assert found.model.reconstruct(torch.zeros(1, 1, 28, 28)).isfinite().all()
        low, high = numbers.get("span", 2 * [[0] * found.model.latent_dim])
        assert len(low) == len(high) == found.model.latent_dim
    for by_size in catalogue.SIZED.values():
        assert [table["models"][name]["code_numbers"] for name in by_size.values()] == [*by_size]


def test_more_components_never_cost_more_error(table: dict) -> None:
    errors = [table["models"][name]["mse"] for name in catalogue.SIZED["pca"].values()]
    assert errors == sorted(errors, reverse=True)
    for name in (*catalogue.BETA_FAMILY, *catalogue.SIZES):
        numbers = table["models"][name]
        assert numbers["mse_8bit"] == pytest.approx(numbers["mse"], rel=0.05), name


def test_the_page_beside_the_models_is_what_was_measured(table: dict, race: dict) -> None:
    assert (SHIPPED / "README.md").read_text() == in_markdown(table, race)


@pytest.mark.parametrize("name", ["pca-k4", "vanilla-k16", "conv-k1", "beta-0.1"])
def test_the_experiments_table_is_what_the_weights_reach(name: str, table: dict) -> None:
    if not os.environ.get("VAE_DATA_DIR"):
        pytest.skip("needs MNIST: set VAE_DATA_DIR to where it is")
    images = types.to_floats(datasets.load("mnist", "test").images)
    mse = metrics.mean_squared_error(catalogue.load(SHIPPED, name).model, images)
    assert mse == pytest.approx(table["models"][name]["mse"], rel=0.01)


def test_the_race_has_every_epoch_and_the_pictures_of_its_snapshots(race: dict) -> None:
    assert set(race) == set(catalogue.RACE)
    with np.load(SHIPPED / "race.npz") as pictures:
        assert np.array_equal(pictures["originals"], ten_digits())
        for name, racer in catalogue.RACE.items():
            run = race[name]
            assert Recipe.from_plain(run["recipe"]) == racer.recipe
            epochs = [line["epoch"] for line in run["epochs"]]
            assert epochs == list(range(1, racer.recipe.config.epochs + 1))
            seconds = [line["seconds"] for line in run["epochs"]]
            assert seconds == sorted(seconds) and seconds[0] > 0
            assert tuple(run["snapshots"]) == racer.snapshots
            assert pictures[name].shape == (len(racer.snapshots), 10, 28, 28)


def test_the_experiments_are_made_by_one_command_and_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(datasets.DATASETS, "mnist", FEW)
    monkeypatch.setattr(experiments, "FAMILIES", {"sizes": TINY})
    monkeypatch.setattr(catalogue, "RACE", RACERS)
    folder = tmp_path / "experiments"
    (tmp_path / "classifier").mkdir()
    (tmp_path / "classifier" / "classifier.safetensors").write_bytes(CLASSIFIER.read_bytes())

    assert main(["experiments", "--folder", str(folder)]) == 0
    said = capsys.readouterr().out
    assert all(f"trained {name}\n" in said for name in [*TINY, *RACERS])
    measured = [*catalogue.SIZED["pca"].values(), "vae-k2", "beta-4", "colour", "segment"]
    assert all(f"measured {name}\n" in said for name in measured)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    assert main(["experiments", "--folder", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "trained" not in said and "measured" not in said
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    images = types.to_floats(FEW.read("test", False).images)
    found = json.loads((folder / "metrics.json").read_text())
    assert set(found["models"]) == set(measured)
    for name in ("pca-k8", "vae-k2"):
        model, numbers = catalogue.load(folder, name).model, found["models"][name]
        latents = inference.encode(model, images).numpy()
        low, high = np.array(numbers["span"])
        steps = np.rint(np.clip((latents - low) / (high - low), 0, 1) * 255)
        stored = model.decode(torch.from_numpy(low + (high - low) * steps / 255).float())
        assert numbers["mse"] == pytest.approx(metrics.mean_squared_error(model, images), abs=1e-5)
        assert numbers["mse_8bit"] == pytest.approx(
            (stored - images).square().mean().item(), abs=1e-5
        )
        assert 0 <= numbers["keep_rate"] <= 1
    page = (folder / "README.md").read_text()
    assert "## Grey in, colour out" in page and "| best threshold |" in page
    assert "`pca-k1`" in page and "| slow |" in page and "--data digits" in page

    changed = {**TINY, "beta-4": tiny("vae", latent_dim=2, width=9, depth=0)}
    assert list(train_missing(folder, changed)) == ["beta-4"]
    faster = {**RACERS, "fast": replace_epochs(RACERS["fast"], 2)}
    assert list(run_race(folder, faster)) == ["fast"]


def replace_epochs(racer: Racer, epochs: int) -> Racer:
    config = replace(racer.recipe.config, epochs=epochs)
    return Racer(replace(racer.recipe, config=config), (epochs,))


def test_an_unknown_part_of_the_experiments_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["experiments", "size", "--folder", str(tmp_path / "experiments")]) == 2
    assert "Did you mean 'sizes'?" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_first_components_of_many_are_the_components_of_few() -> None:
    images = datasets.load("digits", "all").images
    many, few = (build(specify("pca", latent_dim=count)) for count in (12, 5))
    for model in (many, few):
        model.fit_before_training(images)
    clean = types.to_floats(images[:200])
    cut = catalogue.first(many, 5)
    assert cut.latent_dim == 5
    torch.testing.assert_close(cut.reconstruct(clean), few.reconstruct(clean))
    with pytest.raises(UsageError, match="of a PCA only; got VAE"):
        catalogue.first(build(specify("vae")), 5)


def test_a_code_of_bytes_is_off_by_half_a_step_at_most_within_its_span() -> None:
    latents = torch.randn(500, 6, generator=torch.Generator().manual_seed(2)) * torch.arange(6)
    span = span_of(latents)  # the first number never changes
    steps = quantise(latents, span)
    assert steps.dtype == torch.uint8 and steps.shape == latents.shape
    low, high = latents.numpy().min(0), latents.numpy().max(0)
    assert np.array_equal(steps.amax(0)[1:], [255] * 5) and not steps[:, 0].any()
    off = np.abs(dequantise(steps, span).numpy() - latents.numpy())
    assert np.all(off <= (high - low) / 255 / 2 * 1.001)
    assert off.max() > (high - low).max() / 255 / 4  # and no exacter than 8 bits can be

    beyond = dequantise(quantise(latents * 3, span), span)
    assert beyond.max() == span.high.max() and beyond.min() == span.low.min()


def test_a_file_counts_all_its_bytes_and_those_of_this_picture() -> None:
    digits = ten_digits()
    for quality in QUALITIES:
        stored = [jpeg(each, quality) for each in digits]
        constant = {jpeg_with_common_tables(each, quality) for each in digits}
        assert len(constant) == 1  # so a receiver could have it beforehand
        assert all(one.data < one.whole for one in stored)
    error = [
        np.square(jpeg(digits[3], quality).picture.astype(float) - digits[3]).mean()
        for quality in QUALITIES
    ]
    assert error == sorted(error, reverse=True) and error[-1] > 0
    for digit in digits:
        lossless = png(digit)
        assert np.array_equal(lossless.picture, digit)
        assert lossless.whole - lossless.data == 57


def jpeg_with_common_tables(picture: np.ndarray, quality: int) -> bytes:
    """All of a JPEG but its scan, taken apart by searching instead of by the segments' lengths."""
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=quality)
    data_bytes = jpeg(picture, quality).data
    head = file.getvalue()[: -2 - data_bytes]
    assert head.rindex(b"\xff\xda") == len(head) - 10  # the header of a scan of one component
    return head


def test_pictures_of_files_are_averaged_over_all_of_them() -> None:
    test = datasets.load("digits", "test")
    few = test._replace(images=test.images[:7])
    found = measure_files(few)
    one = [jpeg(each, 10) for each in few.images[:, 0].numpy()]
    assert found["jpeg-10"]["bytes"] == pytest.approx(
        np.mean([each.whole for each in one]), abs=0.01
    )
    assert found["jpeg-10"]["data_bytes"] < found["jpeg-95"]["data_bytes"]
    assert found["png"]["mse"] == 0 < found["jpeg-95"]["mse"]


def test_the_models_of_the_learn_tab_are_in_no_chooser(store: Store) -> None:
    found = store.experiment("pca-k2")
    assert isinstance(found.model, PCA) and found.model.latent_dim == 2
    assert (
        store.experiment("pca-k2") is found and store.experiment("beta-4").recipe.config.beta == 4
    )
    assert not set(store.names) & set(catalogue.NAMES)
    with pytest.raises(
        UsageError, match=r"No experiment is called 'vanilla-k5'\. Did you mean 'vanilla-k"
    ):
        store.experiment("vanilla-k5")


def test_a_damaged_model_of_the_learn_tab_is_explained(tmp_path: Path) -> None:
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "beta-1.safetensors").write_bytes(b"nonsense")
    damaged = Store(tmp_path)
    with pytest.raises(UsageError, match="damaged or is not a checkpoint"):
        damaged.experiment("beta-1")
    with pytest.raises(UsageError, match="There is no checkpoint at"):
        damaged.experiment("beta-4")
