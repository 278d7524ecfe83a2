"""Tasks: what goes in, what should come out, and how well it did."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Generator

from tests.conftest import SHAPE, small
from vae_core.__main__ import main
from vae_core.data import datasets
from vae_core.data.clutter import clutter
from vae_core.data.palette import CLASS_COLOURS
from vae_core.data.tasks import TASKS, coloured, pairs, palette, stroke, targets
from vae_core.errors import UsageError
from vae_core.evaluation.task_metrics import (
    colour_of,
    colouring,
    intersection_over_union,
    ious_by_threshold,
    levels,
    mask_of,
    mixture,
    nearest,
    segmenting,
)
from vae_core.models import MODELS, build, specify
from vae_core.models.distributions import Cost
from vae_core.models.vanilla import Vanilla
from vae_core.training import checkpoints
from vae_core.training.config import TrainConfig
from vae_core.training.objective import Objective
from vae_core.training.recipe import Recipe
from vae_core.training.trainer import train
from vae_core.types import Pictures, to_floats

CPU = torch.device("cpu")
DIGITS = datasets.load("digits", "validation")
CLEAN, LABELS = to_floats(DIGITS.images[:60]), DIGITS.labels[:60]


def seed(number: int) -> Generator:
    return Generator().manual_seed(number)


def test_a_digit_is_coloured_by_its_class() -> None:
    white = torch.full((10, 1, 2, 2), 1.0)
    white[:, :, 0, 0] = 0.5
    found = (coloured(white, torch.arange(10)) * 255).round().int()
    for number, colour in enumerate(CLASS_COLOURS):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        assert found[number, :, 1, 1].tolist() == [red, green, blue]
        assert (found[number, :, 0, 0] - torch.tensor([red, green, blue]) / 2).abs().max() <= 0.5


def test_the_target_of_segmentation_is_exactly_the_stroke() -> None:
    seen, wanted = pairs("segment", CLEAN, None, seed(1))
    assert ((CLEAN >= 0.5) == wanted.bool()).all() and set(wanted.unique().tolist()) == {0.0, 1.0}
    assert (seen - CLEAN).abs().mean() > 0.05


def test_the_target_of_an_autoencoder_is_its_input() -> None:
    seen, wanted = pairs("same", CLEAN, None, None)
    assert seen is CLEAN and wanted is CLEAN
    assert targets("same", DIGITS.images, None) is DIGITS.images


@pytest.mark.parametrize("task", TASKS)
def test_targets_have_the_channels_that_a_task_states(task: str) -> None:
    _, wanted = pairs(task, CLEAN, LABELS, seed(1))
    assert wanted.shape == (60, TASKS[task].channels or 1, 28, 28)
    as_bytes = targets(task, DIGITS.images[:60], LABELS)
    assert as_bytes.dtype == torch.uint8 and (as_bytes / 255 - wanted).abs().max() < 0.003


def test_without_clutter_a_picture_stays_bit_for_bit() -> None:
    assert torch.equal(clutter(CLEAN, 0.0, seed(1)), CLEAN)
    some = clutter(CLEAN, torch.tensor([0.0, 1.0] * 30), seed(1))
    assert torch.equal(some[::2], CLEAN[::2]) and not torch.equal(some[1::2], CLEAN[1::2])


def test_one_seed_makes_one_background_whatever_the_strength() -> None:
    empty = torch.zeros(40, 1, 28, 28)
    half, whole, other = (
        clutter(empty, *each) for each in ((0.25, seed(1)), (1.0, seed(1)), (1.0, seed(2)))
    )
    torch.testing.assert_close(2 * half, whole)
    assert (whole - other).abs().mean() > 0.1


def test_clutter_leaves_a_picture_between_black_and_white() -> None:
    for strength in (0.3, 1.0):
        seen = clutter(CLEAN, strength, seed(3))
        assert seen.min() >= 0 and seen.max() <= 1


def test_the_stroke_is_often_not_the_brightest_but_brighter_than_behind_it() -> None:
    seen, on = clutter(CLEAN, 1.0, seed(1)), CLEAN > 0.9
    behind = clutter(torch.zeros_like(CLEAN), 1.0, seed(1))
    brighter_elsewhere = 0
    for picture, back, where in zip(seen, behind, on, strict=True):
        assert picture[where].mean() > back[where].mean()
        brighter_elsewhere += bool(picture[~where].max() > picture[where].mean())
    assert brighter_elsewhere > 20


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan"), True])
def test_a_wrong_strength_of_clutter_is_explained(strength: float) -> None:
    with pytest.raises(UsageError, match="strength must be a number from 0 to 1"):
        clutter(CLEAN, strength)


def test_the_colour_of_a_coloured_digit_is_that_of_its_class() -> None:
    found = colour_of(coloured(CLEAN, LABELS), CLEAN)
    torch.testing.assert_close(found, palette()[LABELS])
    assert torch.equal(nearest(found)[:, 0], LABELS)
    assert not colour_of(coloured(CLEAN, LABELS), torch.zeros_like(CLEAN)).any()


def test_a_mixture_of_three_colours_is_told_apart_again() -> None:
    among = torch.tensor([[4, 9, 7], [9, 4, 1], [3, 5, 0], [2, 8, 6]])
    shares = torch.tensor([[0.3, 0.5, 0.2], [0.7, 0.3, 0], [0, 1, 0], [0.1, 0.2, 0.7]])
    mixed = torch.einsum("bm,bmc->bc", shares, palette()[among])
    torch.testing.assert_close(mixture(mixed, among), shares, atol=1e-4, rtol=0)


def test_what_no_mixture_can_be_gets_the_nearest_one() -> None:
    colours = torch.rand(40, 3, generator=seed(5))
    among = torch.stack([torch.randperm(10, generator=seed(i))[:3] for i in range(40)])
    steps = 60
    tried = torch.tensor(
        [[a, b, steps - a - b] for a in range(steps + 1) for b in range(steps + 1 - a)]
    )
    corners = palette()[among]
    away = (tried / steps @ corners - colours[:, None]).norm(dim=2).amin(dim=1)
    shares = mixture(colours, among)
    assert shares.min() >= 0
    torch.testing.assert_close(shares.sum(dim=1), torch.ones(40))
    mine = ((shares[:, None] @ corners)[:, 0] - colours).norm(dim=1)
    assert (mine <= away + 1e-5).all() and (mine > away - 0.02).all()


def test_the_nearest_colours_begin_with_the_colour_itself() -> None:
    assert nearest(palette())[:, 0].tolist() == list(range(10))
    distance = (palette()[:, None] - palette()).norm(dim=2)
    assert torch.equal(nearest(palette(), 3), distance.argsort(dim=1)[:, :3])


def test_intersection_over_union_counts_pixels() -> None:
    found, truth = torch.zeros(3, 1, 4, 4).bool(), torch.zeros(3, 1, 4, 4).bool()
    found[0, 0, 0], truth[0, 0, :2] = True, True  # 4 of 8
    found[1, 0, 0, 0] = True  # where there is nothing
    assert intersection_over_union(found, truth).tolist() == [0.5, 0.0, 1.0]


def test_a_threshold_finds_a_stroke_that_is_brightest_and_no_other() -> None:
    truth = stroke(CLEAN).bool()
    assert torch.equal(mask_of(CLEAN), truth)
    assert ious_by_threshold(CLEAN, truth)[:, 128].min() == 1  # 128 / 255 is the first above 0.5
    seen = clutter(CLEAN, 1.0, seed(1))
    found = ious_by_threshold(seen, truth)
    assert found.amax(dim=1).mean() < 0.8
    for step, level in enumerate(levels()):
        torch.testing.assert_close(found[:, step], intersection_over_union(seen >= level, truth))
    nothing = torch.zeros(2, 1, 28, 28)
    assert (ious_by_threshold(nothing, nothing.bool())[:, 1:] == 1).all()


class Oracle(Vanilla):
    """Draws what it was told to, whatever it sees."""

    def __init__(self, answers: torch.Tensor) -> None:
        super().__init__(latent_dim=1, width=2)
        self.answers = answers

    def reconstruct(self, images: torch.Tensor) -> torch.Tensor:
        return self.answers[: len(images)]


def test_a_perfect_colourer_and_segmenter_are_measured_as_such() -> None:
    test = Pictures(DIGITS.images[:60], LABELS)
    perfect = colouring(Oracle(coloured(CLEAN, LABELS) + 0.01), test)
    assert perfect["psnr_db"] == pytest.approx(40, abs=1e-3)
    assert perfect["nearest_is_right"] == 1
    swapped = LABELS.clone()
    swapped[:15] = (LABELS[:15] + 1) % 10
    assert colouring(Oracle(coloured(CLEAN, swapped)), test)["nearest_is_right"] == 0.75
    found = segmenting(Oracle(stroke(CLEAN)), test)["clutter"]
    assert list(found) == ["0.25", "0.5", "0.75", "1"]
    for numbers in found.values():
        assert numbers["iou"] == 1
        assert numbers["iou_one_threshold"] < numbers["iou_best_threshold"] < 1
    assert found["1"]["iou_best_threshold"] < found["0.25"]["iou_best_threshold"]


class Witness(Vanilla):
    """Remembers what it was trained with last."""

    def cost(
        self, images: torch.Tensor, targets: torch.Tensor | None = None, *rest: Any, **more: Any
    ) -> Cost:
        self.given = images, targets
        return super().cost(images, targets, *rest, **more)


@pytest.mark.parametrize("task", ["same", "segment"])
def test_training_shows_the_input_and_compares_with_the_target(task: str) -> None:
    model = Witness(latent_dim=1, width=2)
    Objective(model, TrainConfig(task=task))(CLEAN, seed(3), LABELS)
    for given, made in zip(model.given, pairs(task, CLEAN, LABELS, seed(3)), strict=True):
        assert given is not None and torch.equal(given, made)


@pytest.mark.parametrize("task", TASKS)
def test_a_model_learns_a_task_and_its_recipe_survives(task: str, tmp_path: Path) -> None:
    config = TrainConfig(
        epochs=8, batch_size=20, learning_rate=0.02, task=task, precision="float32"
    )
    spec = specify("conv", image_shape=(1, 20, 20), latent_dim=8, width=4)
    recipe = Recipe(spec, "digits", "train", config)
    model = build(recipe.model)
    images, labels = DIGITS.images[:120, :, 4:24, 4:24], DIGITS.labels[:120]
    reports = list(train(model, images, config, images, CPU, labels, labels))
    assert reports[-1].held_out_distortion < 0.95 * reports[0].held_out_distortion
    clean = CLEAN[:, :, 4:24, 4:24]
    assert model.reconstruct(clean).shape == (60, TASKS[task].channels or 1, 20, 20)
    path = tmp_path / "it.safetensors"
    checkpoints.save_checkpoint(path, model, recipe, {})
    loaded = checkpoints.load_checkpoint(path)
    assert loaded.recipe == recipe
    assert torch.equal(loaded.model.reconstruct(clean), model.reconstruct(clean))


def test_a_fresh_colourer_begins_at_the_average_colour() -> None:
    config = TrainConfig(epochs=0, task="colour")
    model = build(Recipe(specify("conv"), config=config).model)
    images, labels = DIGITS
    list(train(model, images, config, images, CPU, labels, labels))
    average = coloured(to_floats(images), labels).mean(dim=(0, 2, 3))
    drawn = model.decode(torch.zeros(1, model.latent_dim)).mean(dim=(0, 2, 3))
    torch.testing.assert_close(drawn, average, atol=0.02, rtol=0.15)


def test_a_model_draws_the_channels_of_its_task() -> None:
    colour, same = TrainConfig(task="colour"), TrainConfig()
    assert Recipe(specify("conv"), config=colour).model.options["out_channels"] == 3
    told = Recipe(specify("conv", out_channels=3), config=same)
    assert told.model.options["out_channels"] is None
    for name in MODELS:
        if "out_channels" not in specify(name).options:
            with pytest.raises(UsageError, match=r"asks for pictures of 3 channels.*'conv'"):
                Recipe(specify(name), config=colour)


def test_other_numbers_of_channels_can_be_drawn() -> None:
    model = small("conv", out_channels=5)
    assert model.image_shape == SHAPE and model.drawn_shape == (5, *SHAPE[1:])
    assert model.decode(torch.zeros(2, 3)).shape == (2, 5, *SHAPE[1:])


@pytest.mark.parametrize("wrong", [0, 2.5, True, "3", 10**9])
def test_a_wrong_number_of_channels_is_explained(wrong: object) -> None:
    with pytest.raises(UsageError, match="out_channels must be a whole number from 1 to 256"):
        specify("conv", out_channels=wrong)


def test_colouring_without_labels_is_explained() -> None:
    config = TrainConfig(epochs=1, task="colour")
    model = build(Recipe(specify("conv"), config=config).model)
    with pytest.raises(UsageError, match="which digit a picture is of"):
        list(train(model, DIGITS.images, config, DIGITS.images, CPU))


def test_the_command_line_trains_a_task_and_makes_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.safetensors", tmp_path / "second.safetensors"
    words = ["--data", "digits", "--width", "2", "--latent-dim", "2", "--epochs", "1"]
    out = ["--out", str(first)]
    assert main(["train", "conv", "--task", "colour", *words, *out]) == 0
    one = checkpoints.load_checkpoint(first)
    assert one.command.startswith("python -m vae_core train conv ")
    assert "--task colour" in one.command and "channels" not in one.command
    assert main(["train", "--like", str(first), "--out", str(second)]) == 0
    two = checkpoints.load_checkpoint(second)
    assert one.recipe == two.recipe and one.checksum == two.checksum
    assert main(["train", "conv", "--task", "colur", *words, *out]) == 2
    assert "Did you mean 'colour'" in capsys.readouterr().err
    assert main(["train", "vae", "--task", "colour", *words, *out]) == 2
    assert "Choose 'conv'" in capsys.readouterr().err
    run = tmp_path / "run"
    assert main(["train", "--like", str(first), "--run-dir", str(run)]) == 0
    assert checkpoints.load_checkpoint(run / "checkpoint.safetensors").checksum == one.checksum
