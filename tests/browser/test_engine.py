"""Every shipped model in the page's workers: the numbers of PyTorch, and of the server."""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page

from playground.components import assets
from playground.inference.examples import examples
from playground.inference.images import as_images, as_pictures
from playground.store.models import Store

from .conftest import PATIENCE, watch

START = """async (folder) => {
  const { localClassifier, localModel, remoteModel } = await import(`/${folder}/models/model.js`);
  const { models } = await (await fetch("weights")).json();
  const layers = async ({ address }) => (await fetch(`${address}.json`)).json();
  globalThis.shares = {};
  globalThis.engine = Object.fromEntries(await Promise.all(models.map(async (model) => {
    const progress = (share) => (globalThis.shares[model.name] ??= []).push(share);
    const wanted = { layers: await layers(model), address: `${model.address}.safetensors`, progress };
    const made = await (model.name === "classifier" ? localClassifier(wanted) : localModel(wanted));
    return [model.name, { local: made, remote: remoteModel(model.name) }];
  })));
  globalThis.floats = (text) => new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  globalThis.text = (floats) => {
    let bytes = "";
    for (const byte of new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)) bytes += String.fromCharCode(byte);
    return btoa(bytes);
  };
  return Object.keys(globalThis.engine);
}"""

PASS = """async ([name, images, count]) => {
  const { local } = globalThis.engine[name];
  const { mean } = await local.encode(globalThis.floats(images), count);
  return [globalThis.text(mean), globalThis.text(await local.decode(mean, count))];
}"""

DIFFERENCES = """async ([name, image, stages]) => {
  const { local, remote } = globalThis.engine[name];
  const pixels = globalThis.floats(image);
  const off = [];
  const compare = (where, one, other) => {
    if (typeof other === "number") return compare(where, [one], [other]);
    if (!other || typeof other !== "object") return one === other || off.push(where);
    if (!("length" in other)) return Object.keys(other).forEach((key) => compare(`${where}.${key}`, one?.[key], other[key]));
    const most = Math.max(1e-3, ...Array.from(other, Math.abs)); // pictures, and so what parts them, are rounded at 1e-7
    return Array.from(other).forEach((value, i) => {
      if (typeof value === "object") return compare(`${where}[${i}]`, one[i], value);
      if (!(Math.abs(one[i] - value) <= 1e-3 * most)) off.push(`${where}[${i}]: ${one[i]} is not ${value}`);
    });
  };
  const ask = async (question) => compare(question[0], ...(await Promise.all([local, remote].map((model) => model[question[0]](...question.slice(1))))));
  await ask(["encode", pixels, 1]);
  const { mean, logVar } = await remote.encode(pixels, 1);
  await ask(["decode", mean, 1]);
  await ask(["reconstruct", pixels]);
  await ask(["reconstruct", pixels, 3]);
  await ask(["activations", pixels]);
  for (const stage of stages) await ask(["unit", { image: pixels, stage, unit: 1, by: 1 }]);
  if (logVar) await ask(["loss", { image: pixels, noise: mean.map((_, i) => Math.sin(i)), beta: 2, likelihood: "bernoulli" }]);
  return off.slice(0, 9);
}"""


@pytest.fixture(scope="module")
def engine(browser: Browser, url: str, heard: list[str]) -> Iterator[Page]:
    """A page with nothing on it but the models."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    watch(page, url, heard)
    page.goto(f"{url}weights")
    page.evaluate(START, assets.url("engine"))
    yield page
    context.close()


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    return as_images(examples().pictures[:10])


def packed(numbers: Any) -> str:
    return base64.b64encode(np.asarray(numbers).astype("<f4").tobytes()).decode()


def unpacked(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")


@torch.inference_mode()
def test_models_in_the_page_draw_what_pytorch_draws(
    engine: Page, images: torch.Tensor, complaints: list[str]
) -> None:
    store = Store()
    for name in store.names:
        model = store.get(name).model
        latents, pixels = map(unpacked, engine.evaluate(PASS, [name, packed(images), len(images)]))
        wanted = model.encode(images)
        scale = wanted.abs().max().item()
        np.testing.assert_allclose(latents, wanted.flatten(), rtol=0, atol=1e-4 * scale)
        drawn = np.rint(255 * pixels).astype(int).reshape(-1, 28, 28)
        off = np.abs(drawn - as_pictures(model.decode(wanted)).astype(int))
        assert off.max() <= 1, name


@pytest.mark.parametrize(
    ("name", "stages"),
    [("vae-20", [0, 2, 3, 4]), ("denoising-64", [0, 1, 5, 7]), ("sparse-256", [1])],
)
def test_the_server_and_the_page_say_the_same_of_a_model(
    engine: Page, images: torch.Tensor, complaints: list[str], name: str, stages: list[int]
) -> None:
    assert engine.evaluate(DIFFERENCES, [name, packed(images[:1]), stages]) == []


def test_the_classifier_in_the_page_knows_the_digits(
    engine: Page, images: torch.Tensor, complaints: list[str]
) -> None:
    ask = "async ([images, count]) => globalThis.text(await globalThis.engine.classifier.local.classify(globalThis.floats(images), count))"
    chances = unpacked(engine.evaluate(ask, [packed(images), len(images)])).reshape(-1, 10)
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-5)
    assert (chances.argmax(axis=1) == examples().labels[: len(images)]).mean() > 0.7


def test_the_kernel_is_what_runs_them(engine: Page, complaints: list[str]) -> None:
    room = f"""async () => {{
      const {{ fastestRooms }} = await import("/{assets.url("engine/kernel/kernel.js")}");
      return (await fastestRooms("/{assets.url("engine/kernel/kernel.wasm")}"))(1000).memory.byteLength % 65536;
    }}"""
    assert engine.evaluate(room) == 0  # whole pages, which plain memory would not be


def test_progress_is_told_up_to_the_end(engine: Page, complaints: list[str]) -> None:
    shares = engine.evaluate("globalThis.shares")
    assert shares.keys() >= {"conv-32", "vae-20"}
    assert all(each == sorted(each) and each[-1] == 1 for each in shares.values())
