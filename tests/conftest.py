"""Small models and small data, made here: no test needs a download.

Gradio takes seconds to import, so only who asks for the page's part of it does so.
"""

import asyncio
import os
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

# Two workers share the cores: threads that wait for each other cost more than they give.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

import pytest
import torch
from starlette.testclient import TestClient

from vae_core.models import MODELS, Autoencoder, build, specify

if TYPE_CHECKING:
    from playground.store.models import Store

SHAPE = (1, 8, 12)
T = TypeVar("T")


def play(scene: Coroutine[Any, Any, T]) -> T:
    """Runs it in a thread of its own: the browser tests leave a loop in the main one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, scene).result()


def small(name: str, **options: object) -> Autoencoder:
    """A registered model, small enough for a test."""
    sizes = {"latent_dim": 3, "width": 8, "depth": 1, "sparsity": 0.5}
    known = specify(name).options
    chosen = {option: value for option, value in sizes.items() if option in known}
    return build(specify(name, image_shape=SHAPE, **(chosen | options)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first; the short ones fill up the end of both workers."""
    fuzz = {item.path for item in items if item.get_closest_marker("fuzz")}
    items.sort(key=lambda item: item.path not in fuzz and "browser" not in item.path.parts)


@pytest.fixture(scope="session")
def store() -> "Store":
    """The shipped models, loaded once for all tests."""
    from playground.store.models import Store

    return Store()


@pytest.fixture(scope="module")
def client(store: "Store") -> Iterator[TestClient]:
    """Asks the live routes and for facts, without a browser, and on one event loop: starting one takes time."""
    from tests.support.facts import page_of

    with page_of(store) as client:
        yield client


@pytest.fixture(params=MODELS)
def model_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def any_model(model_name: str) -> Autoencoder:
    """Each registered model in turn: a new one gets every contract test for free."""
    return small(model_name)


@pytest.fixture
def images() -> torch.Tensor:
    return torch.rand(5, *SHAPE, generator=torch.Generator().manual_seed(1))
