"""The encoder and the decoder in ONNX: onnxruntime gets what PyTorch gets."""

import builtins
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.conftest import small
from tests.own import Own
from vae_core.__main__ import main
from vae_core.cli.onnx_graph import onnx_graph
from vae_core.errors import UsageError
from vae_core.models import Autoencoder, GaussianLatents, ModelSpec
from vae_core.models.base import PointLatents
from vae_core.training.checkpoints import load_checkpoint, save_checkpoint
from vae_core.training.recipe import Recipe

HALVES = ("encoder", "decoder")
CHECKPOINTS = Path(__file__).parents[2] / "checkpoints"


def run(content: bytes, **given: Tensor) -> dict[str, Tensor]:
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    found = session.run(None, {name: each.numpy() for name, each in given.items()})
    names = [each.name for each in session.get_outputs()]
    return {
        name: torch.from_numpy(np.asarray(each)) for name, each in zip(names, found, strict=True)
    }


@torch.no_grad()
def assert_same(model: Autoencoder, images: Tensor) -> None:
    latents = model.eval().encode(images)
    wanted = {"latents": latents}
    if isinstance(model, GaussianLatents):
        wanted["log_var"] = model.posterior(images).log_var
    encoded = run(onnx_graph(model, "encoder"), images=images)
    assert encoded.keys() == wanted.keys()
    decoded = run(onnx_graph(model, "decoder"), latents=latents)
    assert decoded.keys() == {"logits", "images"}
    wanted |= {"logits": model.decode_logits(latents), "images": model.decode(latents)}
    # Sums are added up in another order, and those of a wide layer are large.
    torch.testing.assert_close(encoded | decoded, wanted, rtol=1e-4, atol=1e-4)


def test_onnxruntime_gets_what_pytorch_gets(any_model: Autoencoder, images: Tensor) -> None:
    with torch.no_grad():
        for weight in any_model.parameters():  # fresh ones leave much near zero
            weight.mul_(3)
    assert_same(any_model, images)
    assert_same(any_model, images[:1])  # any number of them


@pytest.mark.parametrize("name", ["sparse-256", "pca-32", "conv-vae-2"])
def test_a_shipped_model_is_the_same_model(name: str) -> None:
    images = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(3))
    assert_same(load_checkpoint(CHECKPOINTS / f"{name}.safetensors").model, images)


class Everything(PointLatents):
    """Every operation that ours do without."""

    def __init__(self) -> None:
        encoder = nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1, bias=False), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten()
        )
        decoder = nn.Sequential(
            nn.Linear(96, 24), nn.Tanh(), nn.Unflatten(1, (2, 3, 4)),
            nn.ConvTranspose2d(2, 2, 3, stride=2, padding=1, output_padding=1),
            nn.ConvTranspose2d(2, 1, 2, stride=(1, 1)),
        )  # fmt: skip
        super().__init__((1, 8, 12), 96, encoder, decoder)

    def decode_logits(self, latents: Tensor) -> Tensor:
        drawn = self.decoder(latents)
        return F.silu(drawn.clamp(max=0.2)) + torch.logit(torch.sigmoid(drawn).clamp(0.1, 0.9))


def test_every_operation_is_translated(images: Tensor) -> None:
    model = Everything()
    nn.init.normal_(model.encoder[0].weight)
    assert_same(model, images)


def test_a_layer_that_cannot_be_written_down_is_named() -> None:
    with pytest.raises(UsageError, match="Unknown layer: 'embedding'"):
        onnx_graph(Own(), "encoder")


def saved(folder: Path) -> Path:
    path = folder / "mine.safetensors"
    model = small("vae")
    options = {"image_shape": (1, 8, 12), "latent_dim": 3, "width": 8, "depth": 1}
    save_checkpoint(path, model, Recipe(ModelSpec("vae", options), "digits"), {})
    return path


def test_the_command_writes_both_halves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(tmp_path)
    assert main(["export", str(path), "--to", "onnx"]) == 0
    out = tmp_path / "out"
    out.mkdir()
    assert main(["export", str(path), "--to", "onnx", "--out", str(out)]) == 0
    files = [folder / f"mine-{half}.onnx" for folder in (tmp_path, out) for half in HALVES]
    assert capsys.readouterr().out.splitlines() == [f"Saved {file}" for file in files]
    for file in files:
        onnx.checker.check_model(onnx.load(file))


def test_a_folder_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(saved(tmp_path)), "--to", "onnx", "--out", "nowhere"]) == 2
    assert "could not be written" in capsys.readouterr().err


def test_without_onnx_a_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    imported = builtins.__import__

    def without(name: str, *words: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "onnx":
            raise ModuleNotFoundError(f"No module named '{name}'", name="onnx")
        return imported(name, *words, **more)

    path = saved(tmp_path)
    monkeypatch.setattr(builtins, "__import__", without)
    assert main(["export", str(path), "--to", "onnx"]) == 2
    assert "`pip install onnx`" in capsys.readouterr().err
    assert not [*tmp_path.glob("*.onnx")]
