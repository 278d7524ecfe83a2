"""Files of strangers: what claims to be weights or a picture, and what it would cost to believe it."""

import json
import resource
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
import torch
from safetensors.torch import save as to_bytes

from playground.wire.packing import FAULT
from tests.routes.test_routes import refused
from tests.routes.test_train import Page, paged
from tests.support.pictures import files, zipped
from tests.support.training import recipe
from vae_core.models import build
from vae_core.training import checkpoints
from vae_core.training import weights as stored

MOST = 200 * 2**20  # bytes of memory that a refusal may take


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    page = paged(tmp_path_factory.mktemp("runs"))
    page.ask("train-runs")  # what is imported late is there now
    yield page
    page.store.jobs.close()


def crafted(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    """A safetensors file with any header, and any claim of how long that is."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensors(*facts: tuple[Any, Any, Any], data: bytes = b"") -> bytes:
    named = {
        f"w{i}": {"dtype": kind, "shape": shape, "data_offsets": place}
        for i, (kind, shape, place) in enumerate(facts)
    }
    return crafted(named, data)


def saved(change: Callable[[dict[str, torch.Tensor]], None]) -> bytes:
    """A checkpoint with its checksum, of weights that were changed."""
    made = recipe()
    model = build(made.model)
    about = about_of(checkpoints.packed("x", model, made, {}))  # which refuses to pack some
    weights = model.state_dict()
    change(weights)
    about["checksum"] = stored.checksum(weights)
    return to_bytes(weights, metadata={checkpoints.KEY: json.dumps(about)})


def about_of(content: bytes) -> dict[str, Any]:
    (length,) = struct.unpack_from("<Q", content)
    return json.loads(json.loads(content[8 : 8 + length])["__metadata__"][checkpoints.KEY])


def told(change: Callable[[dict[str, Any]], Any]) -> bytes:
    """A checkpoint of which something else is told: its weights are as they were."""
    made = recipe()
    content = checkpoints.packed("x", build(made.model), made, {})
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    about = about_of(content)
    other = change(about)
    header["__metadata__"][checkpoints.KEY] = json.dumps(about) if other is None else other
    return crafted(header, content[8 + length :])


def option(name: str, value: Any) -> bytes:
    return told(lambda about: about["recipe"]["model"]["options"].update({name: value}))


def in_recipe(**changes: Any) -> bytes:
    return told(lambda about: about["recipe"].update(changes))


def fill(value: float) -> Callable[[dict[str, torch.Tensor]], None]:
    return lambda weights: [weight.fill_(value) for weight in weights.values()] and None


def as_whole_numbers(weights: dict[str, torch.Tensor]) -> None:
    weights.update({name: weight.to(torch.int32) for name, weight in weights.items()})


DEEP = "[" * 100_000
MALFORMED = {
    "nothing": b"",
    "a length and no more": struct.pack("<Q", 100),
    "a header of terabytes": crafted({}, length=2**42),
    "a header of all there could be": crafted({}, length=2**64 - 1),
    "a header that is no JSON": crafted(b"{" * 50),
    "a deep header": crafted(DEEP.encode()),
    "a header that is a list": crafted([]),
    "no tensors": crafted({}),
    "a tensor of terabytes": tensors(("F32", [2**20, 2**20], [0, 2**42])),
    "a size beyond all numbers": tensors(("F32", [2**40, 2**40], [0, 0])),
    "a negative size": tensors(("F32", [-1], [0, 4]), data=bytes(4)),
    "places that overlap": tensors(("F32", [2], [0, 8]), ("F32", [2], [4, 12]), data=bytes(12)),
    "a place before the first": tensors(("F32", [1], [-4, 0]), data=bytes(4)),
    "places that are words": tensors(("F32", [1], ["0", "4"]), data=bytes(4)),
    "numbers of no known kind": tensors(("F128", [1], [0, 16]), data=bytes(16)),
    "metadata that is a list": crafted({"__metadata__": []}),
    "metadata of numbers": crafted({"__metadata__": {checkpoints.KEY: 7}}),
    "metadata that is no JSON": told(lambda _: "{"),
    "metadata that is a list of ours": told(lambda _: "[1]"),
    "deep metadata": told(lambda _: DEEP),
    "another format": told(lambda about: about.update(format=[1])),
    "a wrong checksum": told(lambda about: about.update(checksum="0")),
    "no recipe": told(lambda about: about.pop("recipe") and None),
    "a width of 10**9": option("width", 10**9),
    "a width that is a word": option("width", "4"),
    "a width that is no number": option("width", float("nan")),
    "a code of 10**9 numbers": option("latent_dim", 10**9),
    "a depth of 10**6": option("depth", 10**6),
    "pictures of 10**18 pixels": option("image_shape", [1, 10**9, 10**9]),
    "pictures that are large": option("image_shape", [256, 256, 256]),
    "an option called name": option("name", "vae"),
    "a model that is a list": in_recipe(model={"name": ["vae"], "options": {}}),
    "a model of no kind": in_recipe(model=7),
    "a data set with a NUL": in_recipe(dataset="file:\0"),
    "a data set that is a list": in_recipe(dataset=["digits"]),
    "settings that are a list": in_recipe(config=[]),
    "a noise that is a number": in_recipe(config={"noise": 7}),
    "weights that are no numbers": saved(fill(float("nan"))),
    "weights without an end": saved(fill(float("inf"))),
    "weights that overflow": saved(fill(1e38)),
    "whole numbers as weights": saved(as_whole_numbers),
    "too few weights": saved(lambda weights: weights.popitem() and None),
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_model_is_refused_before_it_costs_anything(page: Page, content: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sentence = refused(page.ask("train-upload", content))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) * 1024 < MOST
    assert len(sentence) < 400 and sentence != FAULT
    assert page.told("train-runs")["runs"] == []
    assert [each.name for each in page.store.jobs.folder.glob("*") if each.is_dir()] == []


def test_what_was_changed_was_accepted_before(page: Page) -> None:
    """Else the files above would be refused for another reason than theirs."""
    for content in (told(lambda _: None), saved(lambda _: None)):
        id = page.told("train-upload", content)["id"]
        page.told("train-wish", id=id, wish="delete")


def png(width: int, height: int, *extra: tuple[bytes, bytes]) -> bytes:
    facts = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(64))
    chunks = [(b"IHDR", facts), *extra, (b"IDAT", pixels), (b"IEND", b"")]
    parts = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@cache
def much() -> bytes:
    return b"a\0\0" + zlib.compress(bytes(300 * 2**20))


BOMBS: dict[str, Callable[[], bytes]] = {
    "a picture of 2**62 pixels": lambda: png(2**31 - 1, 2**31 - 1),
    "a picture of one long line": lambda: png(2**31 - 1, 1),
    "a small picture with much text": lambda: png(8, 8, (b"zTXt", much())),
    "a small picture of many colours": lambda: png(8, 8, (b"iCCP", much())),
    "a film of giants": lambda: (
        b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + bytes(50)
    ),
    "a bitmap of giants": lambda: (
        b"BM" + struct.pack("<IIIIiiHH", 99, 0, 54, 40, 2**31 - 1, -(2**31), 1, 1)
    ),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_picture_that_would_unpack_to_giants_is_refused(
    page: Page, bomb: Callable[[], bytes]
) -> None:
    file = bomb()
    archive = zipped({f"{i}.png": file for i in range(60)}, 0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(page.client.post("/live/picture", content=file))
    refused(page.ask("pictures", archive, way="folder"))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) * 1024 < MOST


def test_an_archive_within_its_limits_is_taken(page: Page) -> None:
    assert page.told("pictures", zipped(files()), way="folder")["images"] == 40
