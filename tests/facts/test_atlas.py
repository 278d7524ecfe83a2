"""The latents of an atlas and the Gaussian fitted to them, as the page gets them."""

from pathlib import Path
from shutil import copy
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from starlette.testclient import TestClient

from playground.inference.latent.interpolation import UNKNOWN
from playground.store.models import Store
from playground.wire.packing import unpack
from tests.support.facts import fact, page_of
from vae_core.errors import UsageError
from vae_core.latent.sampling import fit_gaussian


def numbers(reply: Any) -> tuple[dict[str, Any], np.ndarray]:
    assert reply.status_code == 200, reply.text
    header, body = unpack(reply.content)
    return header, np.frombuffer(body, "<f2" if header.get("half") else "<f4")


def store_of(folder: Path, name: str, latents: Any) -> Store:
    """A store of one shipped model, the latents of whose atlas are given or not to be had."""
    copy(Store().folder / f"{name}.safetensors", folder)
    store = Store(folder)

    def atlas(_: str) -> SimpleNamespace:
        if latents is None:
            raise UsageError("MNIST is not in /home/someone/secret.")
        return SimpleNamespace(latents=latents)

    store.atlas = atlas  # type: ignore[assignment,method-assign]
    return store


@pytest.mark.parametrize("name", ["vae-2", "vae-20", "sparse-256"])
def test_the_latents_of_an_atlas_are_told_as_they_are(
    client: TestClient, store: Store, name: str
) -> None:
    header, flat = numbers(fact(client, "atlas-latents", name))
    known = store.atlas(name).latents
    assert (header["count"], header["size"]) == known.shape and header["half"]
    assert np.array_equal(flat.reshape(known.shape), known)


def test_latents_beyond_half_precision_are_told_in_single(tmp_path: Path) -> None:
    known = np.array([[1e6, 0.1], [-3, 2]], np.float32)
    client = page_of(store_of(tmp_path, "vanilla-2", known))
    header, flat = numbers(fact(client, "atlas-latents", "vanilla-2"))
    assert not header["half"] and np.array_equal(flat.reshape(2, 2), known)


def test_the_gaussian_is_the_librarys(client: TestClient, store: Store) -> None:
    header, flat = numbers(fact(client, "gaussian", "vanilla-32"))
    wanted = fit_gaussian(torch.from_numpy(store.atlas("vanilla-32").latents))
    assert header == {"size": 32}
    assert np.array_equal(flat[:32], wanted.mean.numpy())
    assert np.array_equal(flat[32:].reshape(32, 32), wanted.factor.numpy())


def test_where_no_latents_are_known_a_sentence_says_so(tmp_path: Path) -> None:
    reply = fact(page_of(store_of(tmp_path, "vanilla-2", None)), "gaussian", "vanilla-2")
    assert (reply.status_code, reply.json()) == (400, {"error": UNKNOWN})
