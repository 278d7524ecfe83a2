"""What earlier versions kept of a run in place of a record: `owner.json`, `queued` and `spent`."""

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

FILES = ("owner.json", "queued", "spent")


def is_left(run: Path) -> bool:
    """Whether anything of an earlier version lies in the directory of a run."""
    return any((run / name).exists() for name in FILES)


def left_in(folder: Path) -> Iterator[Path]:
    """The directories of runs, and of runs of sweeps, in which something lies."""
    for name in FILES:
        for file in chain(folder.glob(f"*/{name}"), folder.glob(f"*/*/{name}")):
            yield file.parent


def fields(run: Path) -> dict[str, Any]:
    """The fields of the record of such a run.

    Raises:
        OSError, ValueError, TypeError, KeyError, RecursionError: if what lies there is damaged.
    """
    found: dict[str, Any] = {}
    with suppress(FileNotFoundError):
        found = dict(json.loads((run / "owner.json").read_text()))
        found["deaths"] = tuple(found.pop("died"))
    with suppress(OSError, ValueError):
        found["seconds"] = float((run / "spent").read_text())
        found["counted"] = (run / "spent").stat().st_mtime  # it was written until then
    if (run / "queued").is_file():
        found["queued"] = (run / "queued").stat().st_mtime_ns  # it waits since then
    return found


def remove(run: Path) -> None:
    """Removes what lies there, as far as that can be."""
    for name in FILES:
        with suppress(OSError):
            (run / name).unlink()
