"""Who makes room for another run: who has the most, with what has ended."""

from pathlib import Path

import pytest

from playground.runs.disk.record import Record
from playground.runs.limits import HOSTED
from playground.runs.room import beyond_count, beyond_size
from playground.runs.run import Run
from vae_core.errors import UsageError
from vae_core.training.run_directory import RunDir

MEGABYTE = 10**6


def run(id: str, state: str = "done") -> Run:
    """A run whose owner is the first letter of its id."""
    return Run(id, RunDir(Path(id)), Record(owner=id[0]), state, "", None)


def chosen(runs: dict[str, tuple[str, int]], megabytes: float, others: int = 0) -> list[str]:
    """The runs that go, of some with a state and a size in megabytes; the oldest stands first."""
    found = [run(id, state) for id, (state, _) in runs.items()]
    size = {id: each * MEGABYTE for id, (_, each) in runs.items()}
    return [each.id for each in beyond_size(found, megabytes, size.__getitem__, others)]


def test_who_has_most_makes_room_first_and_the_oldest_of_it() -> None:
    runs = {"a1": ("done", 1), "b1": ("done", 5), "b2": ("stopped", 5), "b3": ("failed", 1)}
    assert chosen(runs, 12) == []
    assert chosen(runs, 11) == ["b1"]
    assert chosen(runs, 6) == ["b1", "b2"]
    assert chosen(runs, 12, others=2 * MEGABYTE) == ["b1"]
    assert chosen(runs, 1) == ["b1", "b2", "a1"]  # then both have as much


def test_nothing_that_is_in_use_goes() -> None:
    runs = {"a1": ("running", 9), "a2": ("waiting", 1), "a3": ("paused", 1), "b1": ("done", 2)}
    assert chosen(runs, 11) == ["b1"]
    with pytest.raises(UsageError, match="all of them are in use"):
        chosen(runs, 10)


def test_what_a_visitor_trains_counts_as_theirs() -> None:
    runs = {"b1": ("done", 2), "a1": ("done", 1), "a2": ("running", 9)}
    assert chosen(runs, 11.5) == ["a1"]


def test_as_many_go_as_are_too_many() -> None:
    runs = [run("a1"), run("a2", "running"), run("a3"), run("a4"), run("a5")]
    assert [each.id for each in beyond_count(runs, HOSTED)] == ["a1"]
    assert beyond_count(runs[1:], HOSTED) == []
    busy = [run(f"a{number}", "waiting") for number in range(5)]
    with pytest.raises(UsageError, match="has 5 runs that have not ended, and it may have 5"):
        beyond_count(busy, HOSTED)
