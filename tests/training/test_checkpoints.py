"""Checkpoints: what is saved comes back, and a stranger's file does no harm."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from tests.conftest import SHAPE, small
from tests.own import Own
from vae_core.errors import UsageError
from vae_core.models import MODELS, specify
from vae_core.models.layers import layers
from vae_core.training import checkpoints, heads
from vae_core.training.recipe import Recipe
from vae_core.training.trainer import TrainConfig


def saved(folder: Path, name: str = "vae") -> Path:
    path = folder / f"{name}.safetensors"
    model = small(name)
    options = specify(name).options.keys() & {"latent_dim", "width", "depth", "sparsity"}
    sizes = {"latent_dim": 3, "width": 8, "depth": 1, "sparsity": 0.5}
    spec = specify(name, image_shape=SHAPE, **{option: sizes[option] for option in options})
    recipe = Recipe(spec, "digits", "train", TrainConfig(epochs=2, noise=("blur",)))
    checkpoints.save_checkpoint(path, model, recipe, {"epoch": 2})
    return path


def with_header(path: Path, change: dict) -> None:
    """Writes our metadata again, changed, around the same weights."""
    from safetensors.torch import load_file

    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    about = json.loads(json.loads(content[8 : 8 + length])["__metadata__"][checkpoints.KEY])
    save_file(load_file(path), path, {checkpoints.KEY: json.dumps(about | change)})


def test_what_is_saved_comes_back(model_name: str, tmp_path: Path) -> None:
    path = saved(tmp_path, model_name)
    loaded = checkpoints.load_checkpoint(path)
    for (name, before), after in zip(
        small(model_name).named_parameters(), loaded.model.parameters(), strict=True
    ):
        assert torch.equal(before, after), name
    assert loaded.name == model_name
    assert loaded.recipe.model.name == model_name
    assert loaded.recipe.config.noise == ("blur",)
    assert loaded.results == {"epoch": 2}
    assert loaded.command.startswith(f"python -m vae_core train {model_name} ")


def test_a_file_says_what_its_layers_are(model_name: str, tmp_path: Path) -> None:
    loaded = checkpoints.load_checkpoint(saved(tmp_path, model_name))
    assert loaded.layers == json.loads(json.dumps(layers(loaded.model)))


def test_a_file_that_does_not_say_what_its_layers_are_loads_too(tmp_path: Path) -> None:
    path = saved(tmp_path)
    before = checkpoints.load_checkpoint(path)
    with_header(path, {"layers": None})
    after = checkpoints.load_checkpoint(path)
    assert after.layers is None
    assert after.checksum == before.checksum


def test_a_model_with_a_layer_of_its_own_is_saved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(MODELS, "own", Own)
    recipe = Recipe(specify("own"), "digits")
    checkpoints.save_checkpoint(tmp_path / "own.safetensors", Own(), recipe, {"epoch": 1})
    assert checkpoints.load_checkpoint(tmp_path / "own.safetensors").layers is None


def test_a_loaded_model_is_frozen_and_reconstructs_as_before(
    any_model: object, model_name: str, images: torch.Tensor, tmp_path: Path
) -> None:
    loaded = checkpoints.load_checkpoint(saved(tmp_path, model_name)).model
    assert not loaded.training
    assert not any(weight.requires_grad for weight in loaded.parameters())
    torch.testing.assert_close(loaded.reconstruct(images), small(model_name).reconstruct(images))


def test_rounded_weights_are_stored_in_half_the_space(tmp_path: Path) -> None:
    from vae_core.training.trainer import round_weights

    path = saved(tmp_path, "vanilla")
    full = path.stat().st_size
    loaded = checkpoints.load_checkpoint(path)
    round_weights(loaded.model)
    checkpoints.save_checkpoint(path, loaded.model, loaded.recipe, {})
    again = checkpoints.load_checkpoint(path).model
    assert path.stat().st_size < 0.75 * full
    for before, after in zip(loaded.model.parameters(), again.parameters(), strict=True):
        assert torch.equal(before, after)


def test_a_save_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path)
    before = path.read_bytes()

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_space)
    with pytest.raises(UsageError, match=r"could not be written: No space left.*--out"):
        saved(tmp_path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_replaced_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path)
    (tmp_path / "later").mkdir()
    later = saved(tmp_path / "later")
    model = checkpoints.load_checkpoint(later).model
    for weight in model.parameters():
        weight.add_(1)
    recipe = checkpoints.load_checkpoint(later).recipe
    checkpoints.save_checkpoint(later, model, recipe, {"epoch": 3})
    read = heads.read

    def replaced(of: Path) -> object:
        found = read(of)
        if later.exists():
            later.replace(path)  # between the head and the weights
        return found

    monkeypatch.setattr(heads, "read", replaced)
    assert checkpoints.load_checkpoint(path).results == {"epoch": 3}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no checkpoint at"):
        checkpoints.load_checkpoint(tmp_path / "gone.safetensors")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 a zip",
        b"\x00" * 100,
        struct.pack("<Q", 2**62) + b"{}",
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 60) + b'{"w":{"dtype":"F32","shape":[9000000000],"data_offsets":[0,1]}}',
    ],
)
def test_a_foreign_file_is_damaged_or_no_checkpoint(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"foreign.safetensors is damaged or is not a checkpoint"):
        checkpoints.load_checkpoint(path)


def test_a_pickle_is_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Evil:
        def __reduce__(self) -> tuple:
            return print, ("gotcha",)

    path = tmp_path / "evil.safetensors"
    torch.save({"weights": Evil()}, path)
    with pytest.raises(UsageError, match="damaged"):
        checkpoints.load_checkpoint(path)
    assert "gotcha" not in capsys.readouterr().out


def test_other_peoples_safetensors_are_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file({"weight": torch.zeros(3)}, path)
    with pytest.raises(UsageError, match="is not a checkpoint"):
        checkpoints.load_checkpoint(path)


def test_a_file_over_the_limit_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path)
    monkeypatch.setattr(checkpoints, "LARGEST", 100)
    with pytest.raises(UsageError, match="has at most 100"):
        checkpoints.load_checkpoint(path)


def test_a_future_format_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path)
    with_header(path, {"format": 7})
    with pytest.raises(
        UsageError, match="has checkpoint format 7, and this version reads format 1"
    ):
        checkpoints.load_checkpoint(path)


def test_a_header_that_asks_for_a_giant_model_allocates_nothing(tmp_path: Path) -> None:
    path = saved(tmp_path, "conv")
    plain = checkpoints.load_checkpoint(path).recipe.to_plain()
    plain["model"]["options"] |= {"width": 2048, "depth": 6, "image_shape": [1, 256, 256]}
    with_header(path, {"recipe": plain})
    with pytest.raises(UsageError, match="damaged"):
        checkpoints.load_checkpoint(path)


def test_an_unknown_model_in_the_header_is_explained(tmp_path: Path) -> None:
    path = saved(tmp_path)
    plain = checkpoints.load_checkpoint(path).recipe.to_plain()
    plain["model"]["name"] = "conv-vea"
    with_header(path, {"recipe": plain})
    with pytest.raises(UsageError, match="Did you mean 'conv-vae'"):
        checkpoints.load_checkpoint(path)


def test_every_altered_file_is_noticed(tmp_path: Path) -> None:
    """600 files with flipped bits, overwritten stretches, cuts and repeats: all refused."""
    whole = np.frombuffer(saved(tmp_path).read_bytes(), dtype=np.uint8)
    path = tmp_path / "altered.safetensors"
    random = np.random.default_rng(0)
    weights_start = 8 + int.from_bytes(whole[:8].tobytes(), "little")
    for case in range(600):
        content = whole.copy()
        if case % 3 == 0:  # a bit inside the weights
            content[random.integers(weights_start, len(content))] ^= 1 << random.integers(8)
        elif case % 3 == 1:  # a stretch of rubbish anywhere
            start = random.integers(len(content) - 8)
            content[start : start + 8] = random.integers(256, size=8, dtype=np.uint8)
        else:  # cut off
            content = content[: random.integers(len(content))]
        path.write_bytes(content.tobytes())
        if np.array_equal(content, whole):
            continue
        try:
            loaded = checkpoints.load_checkpoint(path)
        except UsageError:
            continue
        # Rubbish may fall on text that no weight depends on, such as the PyTorch version.
        assert case % 3 == 1
        for before, after in zip(
            small("vae").parameters(), loaded.model.parameters(), strict=True
        ):
            assert torch.equal(before, after)
