"""What is kept of models in memory: bounded by bytes, and gone with the model."""

from typing import Any

import numpy as np
import pytest
from torch import nn

from playground.store import remembered as kept
from playground.store.remembered import Kept, Key, remembered, size_of


class Shelf:
    """A store whose models have versions, and nothing else."""

    def __init__(self) -> None:
        self.versions = {"run:a": 1, "run:b": 1}

    def version(self, name: str) -> int:
        return self.versions.get(name, 0)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.setattr(kept, "KEPT", Kept(most=10_000))
    return kept.KEPT


def counted(calls: list[Any]) -> Any:
    @remembered
    def work(store: Any, name: str, size: int = 4000) -> bytes:
        calls.append((name, size))
        return bytes(size)

    return work


def test_those_longest_unused_make_room_by_bytes(small: Kept) -> None:
    calls: list[Any] = []
    work, store = counted(calls), Shelf()
    for size in (4000, 4001, 4000, 4002, 4000, 4001):
        assert len(work(store, "run:a", size)) == size
        assert small.bytes <= 10_000
    assert [size for _, size in calls] == [4000, 4001, 4002, 4001]


def test_what_alone_is_too_large_is_worked_out_again(small: Kept) -> None:
    calls: list[Any] = []
    work, store = counted(calls), Shelf()
    work(store, "run:a", 4000)
    for _ in range(2):
        work(store, "run:a", 20_000)
    work(store, "run:a", 4000)
    assert [size for _, size in calls] == [4000, 20_000, 20_000]


def test_only_the_newest_weights_are_kept(small: Kept) -> None:
    work, store = counted([]), Shelf()
    work(store, "run:a")
    before = small.bytes
    for version in (2, 3):
        store.versions["run:a"] = version
        work(store, "run:a")
    assert small.bytes == before


def test_a_model_that_is_deleted_is_forgotten(small: Kept) -> None:
    work, store = counted([]), Shelf()
    work(store, "run:a")
    only = small.bytes
    work(store, "run:b")
    small.forget(store, "run:b")
    assert small.bytes == only
    key = Key(work, store, "run:a", 1, ())
    store.versions.pop("run:a")  # while it is worked out once more
    small.forget(store, "run:a")
    small.find(key, lambda: bytes(10))
    assert small.bytes == 0


def test_arrays_weights_and_texts_are_counted_wherever_they_are() -> None:
    weights = sum(each.numel() * 4 for each in nn.Linear(100, 100).parameters())
    found = size_of({"a": [np.zeros(1000), nn.Linear(100, 100)], "b": ("x" * 500, None)})
    assert 8000 + weights + 500 <= found < 8000 + weights + 500 + 20 * kept.SMALL
