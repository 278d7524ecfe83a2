"""What figures compute in the page: the numbers and pictures of the library, and no question to the server."""

from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

from playground.components import assets
from playground.store import Store
from vae_core.interpret.gradients import trace
from vae_core.models import GaussianLatents
from vae_core.types import Images

from .hands import ONE, draw

ASK = """async ([url, name, values]) => {
    const module = await import(new URL(url, document.baseURI));
    const found = await module[name](...values);
    return JSON.parse(JSON.stringify(found, (_, value) => (ArrayBuffer.isView(value) ? [...value] : value)));
}"""
READY = """async ([url, names]) => {
    const { coder } = await import(new URL(url, document.baseURI));
    return Promise.all(names.map((name) => coder(name).ready));
}"""


@pytest.fixture
def page(page: Page) -> Page:
    """A page with a digit drawn on its canvas."""
    page.locator("#canvas [data-do=clear]").click()
    draw(page, ONE)
    return page


def asked(page: Page, script: str, name: str, *values: Any) -> Any:
    """What the function of a script gives in the page."""
    return page.evaluate(ASK, [assets.url(script), name, values])


def ready(page: Page, *models: str) -> None:
    """Waits until these models run in the page; from then on it asks nobody."""
    assert all(page.evaluate(READY, [assets.url("state/coders.js"), models]))


def image_of(picture: list[int]) -> Images:
    return torch.tensor(picture).reshape(1, 1, 28, 28) / 255


def close(found: Any, wanted: Any, most: float = 1e-3) -> None:
    """They are the same to a share of the largest."""
    wanted = np.asarray(wanted)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=most * max(1, np.abs(wanted).max()))


def test_the_loss_and_its_gradients_are_the_librarys(page: Page, store: Store) -> None:
    ready(page, "vae-2")
    told = asked(page, "graph/numbers.js", "askTrace", "vae-2", [0.5, -1])
    model = store.get("vae-2").model
    assert isinstance(model, GaussianLatents)
    found = trace(model, image_of(told["image"]), torch.tensor([[0.5, -1.0]]))
    assert (
        np.abs(np.array(told["picture"]) / 255 - found.picture.flatten().numpy()).max() < 1 / 255
    )
    close(told["loss"], found.loss)
    close(told["push"], found.grad_logits.norm())
    for name, field in [("code", "latents"), ("byCode", "grad_latents"), ("byLogVar", "grad_log_var"),
                        ("rateByMean", "rate_grad_mean"), ("drawnByLogVar", "sampled_grad_log_var")]:  # fmt: skip
        close(told[name], getattr(found, field))
    assert told["beta"] == 1
