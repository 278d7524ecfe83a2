"""Training: what a run promises, on images small enough to run here."""

import subprocess
import sys
from dataclasses import replace

import pytest
import torch

from tests.conftest import SHAPE, small
from vae_core.errors import UsageError
from vae_core.evaluation.baselines import worse_than_pca
from vae_core.models import GaussianLatents, build, specify
from vae_core.models.inference import distortion_and_rate
from vae_core.training.config import TrainConfig
from vae_core.training.devices import best_device, faster_in_bfloat16
from vae_core.training.objective import noisy
from vae_core.training.optimizer import AdamW
from vae_core.training.recipe import Recipe
from vae_core.training.trainer import Report, train
from vae_core.types import to_floats

QUICK = TrainConfig(epochs=3, batch_size=16, learning_rate=0.01, precision="float32")


def bars(count: int, seed: int = 0) -> torch.Tensor:
    """Images with one to three bright rows: simple to learn, and not constant."""
    generator = torch.Generator().manual_seed(seed)
    rows = torch.rand(count, 1, SHAPE[1], 1, generator=generator) > 0.7
    return (rows.expand(count, *SHAPE) * 255).to(torch.uint8)


def classes(images: torch.Tensor) -> torch.Tensor:
    """How many bright rows each image has: what a model may be told."""
    return (images[:, 0, :, 0] > 0).sum(dim=1)


def run(name: str, config: TrainConfig = QUICK, count: int = 128) -> tuple:
    model = small(name)
    images, held_out, cpu = bars(count), bars(32, seed=1), torch.device("cpu")
    labels = classes(images), classes(held_out)
    reports = list(train(model, images, config, held_out, cpu, *labels))
    return model, reports


def test_every_model_gets_better(model_name: str) -> None:
    if model_name == "pca":
        pytest.skip("principal components start at their best")
    before = sum(distortion_and_rate(small(model_name), to_floats(bars(32, seed=1))))
    _, reports = run(model_name, replace(QUICK, epochs=12))
    after = reports[-1].held_out_distortion + reports[-1].held_out_rate
    assert after < 0.9 * before


def test_pca_is_done_before_the_first_epoch() -> None:
    model, reports = run("pca", replace(QUICK, epochs=0))
    assert reports == []
    assert worse_than_pca(model, bars(128), bars(32, seed=1)) is None


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_one_seed_gives_the_same_weights_bit_for_bit(model_name: str, precision: str) -> None:
    config = replace(QUICK, epochs=1, precision=precision)
    first, second = run(model_name, config)[0], run(model_name, config)[0]
    other = run(model_name, replace(config, seed=5))[0]
    for (name, one), two in zip(first.named_parameters(), second.parameters(), strict=True):
        assert torch.equal(one, two), name
    assert any(
        not torch.equal(one, two)
        for one, two in zip(first.parameters(), other.parameters(), strict=True)
    )


def test_a_finished_run_has_weights_that_half_precision_holds() -> None:
    model, _ = run("vae")
    assert all(torch.equal(weight, weight.half().float()) for weight in model.parameters())


@pytest.mark.parametrize("steps", [1, 9, 10, 11, 12])
def test_a_run_may_be_short(steps: int) -> None:
    config = replace(QUICK, epochs=1, batch_size=4)
    (report,) = train(small("vanilla"), bars(4 * steps), config, bars(8))
    assert report.epoch == 1


def test_reports_count_epochs_and_part_the_terms() -> None:
    _, reports = run("vae")
    assert [report.epoch for report in reports] == [1, 2, 3]
    assert reports[-1].seconds_left == 0
    for report in reports:
        assert isinstance(report, Report)
        assert report.train_rate > 0 and report.held_out_rate > 0 and report.images_per_second > 0


def test_beta_buys_a_lower_rate() -> None:
    longer = replace(QUICK, epochs=15)
    free = run("vae", replace(longer, beta=0.0))[1][-1]
    dear = run("vae", replace(longer, beta=20.0))[1][-1]
    assert dear.held_out_rate < 0.5 * free.held_out_rate
    assert dear.held_out_distortion > free.held_out_distortion


def test_a_denoiser_is_scored_against_clean_images() -> None:
    """Trained on noise and told the truth, it beats one that never saw noise, on noisy input."""
    config = replace(QUICK, epochs=30, likelihood="gaussian")
    noise = replace(config, noise=("gaussian",), noise_max=0.8)
    clean = to_floats(bars(64, seed=2))
    seen = noisy(clean, noise, torch.Generator().manual_seed(0))
    errors = [
        (run("vanilla", settings, 512)[0].reconstruct(seen) - clean).square().mean().item()
        for settings in (config, noise)
    ]
    assert errors[1] < 0.8 * errors[0]


def test_noise_is_dealt_out_in_equal_shares() -> None:
    config = TrainConfig(noise=("masking", "gaussian"), noise_max=1.0)
    white = torch.ones(8, *SHAPE)
    spoiled = noisy(white, config, torch.Generator().manual_seed(0))
    masked = spoiled[:4]
    assert ((masked == 0) | (masked == 1)).all()
    assert not ((spoiled[4:] == 0) | (spoiled[4:] == 1)).all()


def test_an_image_more_than_kinds_of_noise_is_no_trouble() -> None:
    config = TrainConfig(noise=("masking", "gaussian", "blur"), noise_max=1.0)
    for count in (1, 2, 3, 4, 7):
        assert noisy(torch.ones(count, *SHAPE), config, torch.Generator()).shape[0] == count


@pytest.mark.parametrize("weight", [float("nan"), 1e5])
def test_a_loss_that_is_no_number_or_an_absurd_one_stops_the_run(weight: float) -> None:
    model = small("vae")
    with torch.no_grad():
        next(model.parameters()).fill_(weight)
    with pytest.raises(UsageError, match=r"Try a learning rate below 0\.01"):
        list(train(model, bars(64), QUICK, bars(8)))


def test_a_collapsed_model_is_called_one() -> None:
    model = small("vae")
    assert isinstance(model, GaussianLatents)
    with torch.no_grad():
        for weight in model.decoder.parameters():
            weight.fill_(-1.0)  # all black
    warning = worse_than_pca(model, bars(128), bars(32, seed=1))
    assert warning and "worse than 3 principal components" in warning


def test_stopping_early_is_up_to_the_caller() -> None:
    model = small("vanilla")
    first = next(iter(train(model, bars(64), replace(QUICK, epochs=10**5), bars(8))))
    assert first.epoch == 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"epochs": -1}, "epochs must be a whole number from 0 to 100000; got -1"),
        ({"epochs": 10**9}, "got 1000000000"),
        ({"learning_rate": float("nan")}, "learning_rate must be a number"),
        ({"learning_rate": 0.0}, "learning_rate must be a number from 1e-07"),
        ({"beta": -1.0}, "beta must be a number from 0 to 1000; got -1.0"),
        ({"likelihood": "bernouli"}, "Did you mean 'bernoulli'"),
        ({"noise": ("gausian",)}, "Did you mean 'gaussian'"),
        ({"batch_size": 2.5}, "got 2.5"),
    ],
)
def test_a_wrong_setting_is_explained(settings: dict, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        TrainConfig(**settings)


def test_no_images_is_explained() -> None:
    with pytest.raises(UsageError, match="no images to train on"):
        list(train(small("vae"), bars(0), QUICK, bars(8)))


def test_precision_is_chosen_where_it_is_left_open() -> None:
    _, reports = run("vae", replace(QUICK, epochs=1, precision="auto"))
    assert reports[0].train_distortion > 0
    assert faster_in_bfloat16(torch.device("cpu")) in (True, False)


def test_a_missing_device_is_explained() -> None:
    with pytest.raises(UsageError, match="No device is called 'gpu'"):
        best_device("gpu")


def test_a_recipe_survives_the_journey_through_plain_data(model_name: str) -> None:
    config = replace(QUICK, noise=("gaussian", "blur"), noise_max=0.5)
    recipe = Recipe(specify(model_name), "digits", "all", config)
    assert Recipe.from_plain(recipe.to_plain()) == recipe
    size = build(recipe.model).latent_dim
    assert size == recipe.model.options.get("latent_dim", size)


def test_nothing_trains_on_the_test_images() -> None:
    with pytest.raises(UsageError, match="not on 'test'"):
        Recipe(specify("vae"), "mnist", "test")


def test_a_gradient_out_of_bounds_is_cut_to_length() -> None:
    """A clipped step keeps its direction, so that one bad image cannot undo a run."""
    tiny, huge = (replace(QUICK, epochs=1, clip=clip) for clip in (1e-6, 1e9))
    free = replace(QUICK, epochs=1, clip=0.0)
    assert run("vae", tiny)[1][-1].train_distortion > run("vae", free)[1][-1].train_distortion
    assert run("vae", huge)[1] and all(
        torch.equal(one, two)
        for one, two in zip(
            run("vae", huge)[0].parameters(), run("vae", free)[0].parameters(), strict=True
        )
    )


def test_the_optimizer_takes_the_very_steps_of_pytorchs() -> None:
    models = [small("vae"), small("vae")]
    optimizers = [
        kind(model.parameters(), 0.01, weight_decay=0.1, fused=True)
        for kind, model in zip((AdamW, torch.optim.AdamW), models, strict=True)
    ]
    images = torch.rand(8, *SHAPE, generator=torch.Generator().manual_seed(0))
    for step in range(4):
        for model, optimizer in zip(models, optimizers, strict=True):
            optimizer.zero_grad()
            model.cost(images, generator=torch.Generator().manual_seed(step)).loss(1.0).backward()
            optimizer.step()
    ours, theirs = (model.state_dict() for model in models)
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
    assert not torch.equal(ours["decoder.0.weight"], small("vae").state_dict()["decoder.0.weight"])


def test_training_does_not_wait_for_the_compiler() -> None:
    script = """if True:
        import sys, torch
        from vae_core import TrainConfig, build, specify, train
        images = torch.zeros(4, 1, 8, 8, dtype=torch.uint8)
        list(train(build(specify("vae", image_shape=(1, 8, 8))), images, TrainConfig(epochs=1), images))
        print("torch._dynamo" in sys.modules)"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
