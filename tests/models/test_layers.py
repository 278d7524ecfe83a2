"""A model's layers as plain data: whoever runs them gets what PyTorch gets."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.conftest import small
from tests.own import Own
from vae_core.errors import UsageError
from vae_core.evaluation import classifier
from vae_core.models import Autoencoder, GaussianLatents, build, specify
from vae_core.models.base import PointLatents
from vae_core.models.layers import layers
from vae_core.training.checkpoints import load_checkpoint

CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"
SHIPPED = [*CHECKPOINTS.glob("*.safetensors"), *CHECKPOINTS.glob("experiments/*.safetensors")]

ELEMENTWISE = {
    "silu": F.silu,
    "relu": F.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "logit": torch.logit,
}


def run(plain: dict[str, Any], weights: dict[str, Tensor], values: Tensor) -> dict[str, Tensor]:
    """The outputs of a program, run by nothing but what its plain data say."""
    known = [values]
    for each in plain["operations"]:
        known.append(_put_out(each, weights, [known[i] for i in each["of"]]))
        assert list(known[-1].shape[1:]) == each["shape"]
    return {name: known[i] for name, i in plain["outputs"].items()}


def _put_out(each: dict[str, Any], weights: dict[str, Tensor], of: list[Tensor]) -> Tensor:
    weight = weights[each["weight"]] if "weight" in each else torch.empty(0)
    if "normalised" in each:
        weight = weight / weight.norm(dim=each["normalised"], keepdim=True)
    bias = weights.get(each.get("bias", ""))
    match each["kind"]:
        case "linear":
            return of[0] @ weight.T + (0 if bias is None else bias)
        case "conv":
            return F.conv2d(of[0], weight, bias, each["stride"], each["padding"])
        case "conv_transpose":
            sizes = zip(
                of[0].shape[2:], each["stride"], each["padding"], weight.shape[2:], strict=True
            )
            least = [(side - 1) * step - 2 * pad + edge for side, step, pad, edge in sizes]
            more = [side - few for side, few in zip(each["shape"][1:], least, strict=True)]
            return F.conv_transpose2d(of[0], weight, bias, each["stride"], each["padding"], more)
        case "max_pool":
            return F.max_pool2d(of[0], each["size"], each["stride"])
        case "reshape":
            return of[0].reshape(len(of[0]), *each["shape"])
        case "slice":
            return of[0][:, each["start"] : each["start"] + each["shape"][0]]
        case "clamp":
            return of[0].clamp(each["min"], each["max"])
        case "add":
            return of[0] + of[1]
        case "cat":
            return torch.cat(of, dim=1)
        case "affine":
            return of[0] * each["by"] + each["plus"]
        case "lattice":
            lines = [torch.linspace(-1, 1, levels) for levels in each["levels"]]
            return nearest(of[0], torch.cartesian_prod(*lines).view(-1, len(lines)))
        case "codebook":
            return nearest(of[0], weight)
        case kind:
            return ELEMENTWISE[kind](of[0])


def nearest(maps: Tensor, codes: Tensor) -> Tensor:
    """In each cell the nearest code, by all distances."""
    cells = maps.movedim(1, -1)
    return (
        codes[torch.cdist(cells.flatten(0, 2), codes).argmin(dim=1)]
        .view(cells.shape)
        .movedim(-1, 1)
    )


def assert_same(model: Autoencoder, images: Tensor) -> None:
    plain = json.loads(json.dumps(layers(model)))
    assert_passes(model, plain["encode"], plain["decode"], images)
    assert ("classes" in plain) == bool(model.classes)
    if model.classes:
        labels = torch.arange(len(images)) % model.classes
        one_hot = F.one_hot(labels, model.classes).float()
        told = model.told(labels)
        assert plain["classes"] == model.classes
        assert_passes(told, plain["encode_told"], plain["decode_told"], images, one_hot)


@torch.no_grad()
def assert_passes(
    model: Autoencoder,
    encode: dict[str, Any],
    decode: dict[str, Any],
    images: Tensor,
    one_hot: Tensor | None = None,
) -> None:
    """Both programs say what the model does; with a class they get it after each input."""

    def given(values: Tensor) -> Tensor:
        return values if one_hot is None else torch.cat([values.flatten(1), one_hot], dim=1)

    weights = model.state_dict()
    found = run(encode, weights, given(images))
    latents = model.encode(images)
    torch.testing.assert_close(found["mean"], latents)
    if isinstance(model, GaussianLatents):
        torch.testing.assert_close(found["log_var"], model.posterior(images).log_var)
    drawn = run(decode, weights, given(latents))
    torch.testing.assert_close(drawn["logits"], model.decode_logits(latents), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(drawn["pixels"], model.decode(latents))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_models_say_what_they_do(path: Path) -> None:
    model = load_checkpoint(path).model
    generator = torch.Generator().manual_seed(0)
    assert_same(model, torch.rand(3, *model.image_shape, generator=generator))


def test_new_models_say_what_they_do(model_name: str) -> None:
    model = small(model_name).eval()
    assert_same(model, torch.rand(2, *model.image_shape))


def test_the_classifier_says_what_it_does() -> None:
    network = classifier.load_classifier(CHECKPOINTS / "classifier" / "classifier.safetensors")
    images = torch.rand(2, 1, 28, 28)
    found = run(classifier.layers(network)["classify"], network.state_dict(), images)["logits"]
    torch.testing.assert_close(found, network(images), rtol=1e-4, atol=1e-4)


def test_layers_belong_to_the_modules_that_a_figure_shows() -> None:
    operations = layers(build(specify("conv", depth=1)))["encode"]["operations"]
    assert [each["module"] for each in operations[:6]] == ["encoder.0"] + ["encoder.1"] * 5


def test_tracing_leaves_the_model_as_it_was() -> None:
    model = small("conv-vae").train()
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    layers(model)
    assert model.training
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name])
    assert not any(module._forward_hooks for module in model.modules())


class _Point(PointLatents):
    """A plain autoencoder around some layer."""

    def __init__(self, *added: nn.Module) -> None:
        super().__init__(
            (1, 8, 8),
            3,
            nn.Sequential(nn.Flatten(), nn.Linear(64, 3), *added),
            nn.Sequential(nn.Linear(3, 64), nn.Unflatten(1, (1, 8, 8))),
        )


class _Looks(nn.Module):
    def forward(self, values: Tensor) -> Tensor:
        return values if values.sum() > 0 else -values


class _Own(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("shift", torch.ones(2, 3), persistent=False)

    def forward(self, values: Tensor) -> Tensor:
        return F.linear(values, self.shift.new_ones(3, 3))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (Own(), "'embedding'"),
        (_Point(nn.LayerNorm(3)), "'layer_norm'"),
        (_Point(_Looks()), "'sum'"),
        (_Point(_Own()), "weights that are not in its checkpoint"),
        (_Point(nn.Unflatten(1, (1, 3)), nn.Flatten()), "the shape [3, 1, 3]"),
    ],
)
def test_an_unknown_layer_is_told(model: Autoencoder, said: str) -> None:
    with pytest.raises(UsageError, match="Unknown layer: ") as error:
        layers(model)
    assert said in str(error.value)
    assert "What is known: add, affine, cat, clamp, codebook, conv" in str(error.value)


def test_what_is_done_in_place_counts_from_there_on() -> None:
    assert_same(
        _Point(nn.ReLU(inplace=True), nn.Tanh(), nn.Dropout()).eval(), torch.rand(2, 1, 8, 8)
    )
