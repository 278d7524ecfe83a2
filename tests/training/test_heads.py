"""The head of a checkpoint is judged before it is parsed, and before any number is read."""

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from tests.support.training import recipe
from vae_core.errors import UsageError
from vae_core.models import build
from vae_core.training import checkpoints, heads


def saved(folder: Path) -> Path:
    made = recipe()
    checkpoints.save_checkpoint(folder / "x.safetensors", build(made.model), made, {"epoch": 1})
    return folder / "x.safetensors"


def changed(path: Path, about: dict[str, Any], head: dict[str, Any] | None = None) -> None:
    """Writes other words in front of the same numbers."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    found = json.loads(content[8 : 8 + length])
    ours = json.loads(found["__metadata__"][heads.KEY]) | about
    found["__metadata__"][heads.KEY] = json.dumps(ours)
    text = json.dumps(found | (head or {})).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + content[8 + length :])


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("the tensors were opened")

    monkeypatch.setattr(checkpoints, "safe_open", fail)


@pytest.mark.parametrize("mebibytes", [1, 29])
def test_a_long_head_is_not_even_parsed(
    mebibytes: int, tmp_path: Path, unread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path)
    changed(path, {"results": {"words": "x" * (mebibytes << 20)}})
    parsed: list[int] = []
    monkeypatch.setattr(heads.json, "loads", lambda text: parsed.append(len(text)))
    with pytest.raises(UsageError, match="is damaged or is not a checkpoint"):
        checkpoints.load_checkpoint(path)
    assert parsed == []


ODD: dict[str, dict[str, Any]] = {
    "results that are a list": {"results": [1]},
    "many results": {"results": dict.fromkeys(map(str, range(101)), 1)},
    "a command that is a number": {"command": 7},
    "a long command": {"command": "x" * 17_000},
    "a checksum that is none": {"checksum": "../../x"},
    "a checksum that is a list": {"checksum": ["0" * 64]},
    "layers that are a word": {"layers": "conv"},
    "a recipe that is a list": {"recipe": []},
}


@pytest.mark.parametrize("about", ODD.values(), ids=ODD)
def test_a_field_of_another_kind_is_refused(
    about: dict[str, Any], tmp_path: Path, unread: None
) -> None:
    path = saved(tmp_path)
    changed(path, about)
    with pytest.raises(UsageError, match="is damaged or is not a checkpoint"):
        checkpoints.load_checkpoint(path)


TENSOR = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}


@pytest.mark.parametrize("name", ["another", "encoder.0.weight"])
def test_tensors_of_another_model_are_refused_before_one_is_read(
    name: str, tmp_path: Path, unread: None
) -> None:
    path = saved(tmp_path)
    changed(path, {}, {name: TENSOR})
    with pytest.raises(UsageError, match="is damaged or is not a checkpoint"):
        checkpoints.load_checkpoint(path)


def test_a_head_that_nobody_would_read_is_not_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    made = recipe()
    model = build(made.model)
    usual = heads.length_of(checkpoints.packed("x", model, made, {}))
    monkeypatch.setattr(heads, "LONGEST", usual - 1)
    content = checkpoints.packed("x", model, made, {})  # says nothing of its layers
    assert heads.length_of(content) < usual
    monkeypatch.setattr(heads, "LONGEST", 100)
    with pytest.raises(UsageError, match="Build the model of fewer layers"):
        checkpoints.packed("x", model, made, {})
