"""What was measured ahead, as the page gets it: the table of the checkpoints, and the race."""

import json
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from playground.store.models import CHECKPOINTS, Store
from playground.wire.packing import unpack

DIGITS = np.arange(10 * 28 * 28).reshape(10, 28, 28).astype(np.uint8)
from tests.support.facts import fact, page_of


def race_in(folder: Path) -> dict[str, np.ndarray]:
    """A race of two runs, as `python -m vae_core experiments race` writes it."""
    nats = {"train_distortion": 90.5, "train_rate": 0.0, "test_distortion": 80.0, "test_rate": 2.0}
    runs = {
        name: {
            "recipe": {"model": {"name": kind, "options": {}}},
            "command": f"python -m vae_core train {kind}",
            "snapshots": snapshots,
            "parameters": 1000,
            "device": "CPU, 2 cores",
            "threads": 1,
            "epochs": [{"epoch": i, **nats, "seconds": 1.5 * i} for i in range(1, 4)],
        }
        for name, kind, snapshots in [("slow", "vanilla", [2, 3]), ("quick", "conv", [1])]
    }
    pictures = {"originals": DIGITS, "slow": np.stack([DIGITS + 1, DIGITS + 2])}
    pictures["quick"] = np.stack([DIGITS + 3])
    (folder / "experiments").mkdir()
    (folder / "experiments" / "race.json").write_text(json.dumps(runs))
    np.savez(folder / "experiments" / "race.npz", **pictures)  # pyright: ignore[reportArgumentType]
    return pictures


@pytest.fixture
def there(tmp_path: Path) -> TestClient:
    """A page whose checkpoints are in `tmp_path`."""
    return page_of(Store(tmp_path))


def test_what_was_measured_of_every_shipped_model_is_told(
    client: TestClient, store: Store
) -> None:
    told = fact(client, "measured").json()["models"]
    assert told == json.loads((CHECKPOINTS / "metrics.json").read_text())
    assert set(store.names) <= set(told)


def test_a_race_is_told_with_its_curves_and_pictures(there: TestClient, tmp_path: Path) -> None:
    pictures = race_in(tmp_path)
    about, body = unpack(fact(there, "race").content)
    slow, quick = about["runs"]
    assert (slow["name"], slow["kind"], slow["snapshots"]) == ("slow", "vanilla", [2, 3])
    assert quick["epochs"][1] == [2, 3.0, 90.5, 0.0, 80.0, 2.0]
    assert about["nats"] == ["train_distortion", "train_rate", "test_distortion", "test_rate"]
    assert body == b"".join(pictures[name].tobytes() for name in ("originals", "slow", "quick"))


@pytest.mark.parametrize("file", ["race.json", "race.npz"])
@pytest.mark.parametrize("content", [None, b"", b"{}x", b'{"slow": 3}', b"PK\x03\x04"])
def test_a_race_that_is_damaged_or_not_there_is_refused_in_a_sentence(
    there: TestClient, tmp_path: Path, file: str, content: bytes | None
) -> None:
    race_in(tmp_path)
    path = tmp_path / "experiments" / file
    path.write_bytes(content) if content is not None else path.unlink()
    reply = fact(there, "race")
    assert reply.status_code == 400 and "experiments race" in reply.json()["error"]


@pytest.mark.parametrize("content", [None, b"", b"{"])
def test_a_table_that_is_damaged_or_not_there_is_refused_in_a_sentence(
    there: TestClient, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "metrics.json").write_bytes(content)
    reply = fact(there, "measured")
    assert reply.status_code == 400 and "evaluate" in reply.json()["error"]
