"""The one record that the page keeps of each run, and how runs are named.

A run's directory is `runs/<id>`, and that of a run of a sweep is `runs/<sweep>/<run>`: its id has
both. Its record lies in `record.json` beside what the trainer writes. A run of the command line
has none until the page does something with it.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from pydantic import BaseModel, ConfigDict

from vae_core.errors import UsageError, printable, shown
from vae_core.files import write_atomically

from . import earlier

if TYPE_CHECKING:
    from collections.abc import Collection

    from vae_core.training.recipe import Recipe

PREFIX = "run:"  # of a run's model among the names of models
FILE = "record.json"
LONGEST_NAME = 40
PATIENCE = 10.0  # seconds that another process may take to change a record
_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}(/[A-Za-z0-9_-][A-Za-z0-9_.,=+-]{0,254})?")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


class Record(BaseModel):
    """What the page knows of a run.

    Attributes:
        owner: whose it is, as `hashed` says it; None for a run of the command line.
        name: what its owner calls it.
        created: in seconds since 1970.
        device: what it trains on.
        pieces: how often it was lent a GPU, where that is how it trains.
        colour: which of the marks it has, counted from 0.
        deaths: the epoch in which its trainer was killed last, and how often there.
        remark: what the page adds to the trainer's own words.
        queued: since when it waits for its turn, in nanoseconds since 1970; None if it does not.
        seconds: how long it has trained, under all pages together.
        counted: until when that is counted, in seconds since 1970; None before its first start.
    """

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)

    owner: str | None = None
    name: str = ""
    created: float = 0.0
    device: str = "auto"
    pieces: int = 0
    colour: int = 0
    deaths: tuple[int, int] = (0, 0)
    remark: str = ""
    queued: int | None = None
    seconds: float = 0.0
    counted: float | None = None

    def write(self, run: Path) -> None:
        """Keeps the record in the directory of its run, in one step."""
        write_atomically(run / FILE, self.model_dump_json(indent=1).encode() + b"\n")


NOBODYS = Record(owner="", name="damaged")  # no token has this hash


class Records:
    """The records of the runs in a folder, which several pages may share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ids(self, sweep: str = "") -> Iterator[str]:
        """The runs there are; those of a sweep if one is named."""
        folder = self.folder / sweep
        if not folder.is_dir():
            return
        with os.scandir(folder) as entries:
            for entry in entries:
                id = f"{sweep}/{entry.name}" if sweep else entry.name
                if self.is_run(id):
                    yield id

    def is_run(self, id: object) -> bool:
        """Whether there is a run with this id."""
        return is_id(id) and (self.folder / str(id) / "recipe.json").exists()

    def read(self, id: str) -> Record:
        """The record of a run; one that is damaged is nobody's."""
        path = self.folder / id / FILE
        try:
            facts = path.stat()
            return _parsed(path, (facts.st_ino, facts.st_mtime_ns, facts.st_size))
        except FileNotFoundError:
            return self._taken_over(id)
        except (OSError, ValueError):
            return NOBODYS

    def update(self, id: str, **changes: Any) -> Record:
        """Changes some fields; gives the record as it was before.

        Raises:
            OSError: if the change cannot be kept.
        """
        with self._locked(id) as before:
            after = before.model_copy(update=changes)
            if after != before:
                after.write(self.folder / id)
            return before

    def count(self, id: str, seconds: float, until: float) -> None:
        """Counts seconds of training that ended at a moment, and none that was counted before.

        Raises:
            OSError: if that cannot be kept.
        """
        with self._locked(id) as before:
            new = 0.0 if before.counted is None else max(0.0, until - before.counted)
            changes = {"seconds": before.seconds + min(seconds, new), "counted": until}
            before.model_copy(update=changes).write(self.folder / id)

    def queue(self) -> list[str]:
        """The runs that wait for their turn, the next one first."""
        since: dict[str, int] = {}
        for file in chain(self.folder.glob(f"*/{FILE}"), self.folder.glob(f"*/*/{FILE}")):
            id = file.parent.relative_to(self.folder).as_posix()
            queued = self.read(id).queued if is_id(id) else None
            if queued is not None:
                since[id] = queued
        return sorted(since, key=lambda id: (since[id], id))

    def enqueue(self, id: str) -> None:
        """Puts a run at the end of the queue, also after the clock was put back.

        Raises:
            OSError: if that cannot be kept.
        """
        last = max((self.read(other).queued or 0 for other in self.queue()), default=0)
        self.update(id, queued=max(time.time_ns(), last + 1))

    def dequeue(self, id: str) -> bool:
        """Takes a run out of the queue; False if it was not in it, or another page was faster.

        Raises:
            OSError: if that cannot be kept.
        """
        waits = self.read(id).queued is not None
        return waits and self.update(id, queued=None).queued is not None

    def take_over(self) -> None:
        """Makes one record each of what earlier versions left of the runs."""
        for run in {*earlier.left_in(self.folder)}:
            id = run.relative_to(self.folder).as_posix()
            if is_id(id):
                self.read(id)

    @contextmanager
    def _locked(self, id: str) -> Iterator[Record]:
        """The record, which nobody else changes meanwhile."""
        self.read(id)  # so that there is one of this version
        run = self.folder / id
        run.stat()  # or the lock would make the directory of a run that was deleted
        with FileLock(run / "record.lock", timeout=PATIENCE):
            yield self.read(id)

    def _taken_over(self, id: str) -> Record:
        """What earlier versions left of a run, as its one record from now on."""
        run = self.folder / id
        try:
            record = Record(**earlier.fields(run)) if earlier.is_left(run) else None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return NOBODYS
        if record is None:
            return Record()
        with suppress(OSError), FileLock(run / "record.lock", timeout=PATIENCE):
            if not (run / FILE).exists():
                record.write(run)
            earlier.remove(run)
        return record


@lru_cache(4096)
def _parsed(path: Path, version: tuple[int, ...]) -> Record:
    return Record.model_validate_json(path.read_bytes())


def hashed(owner: object) -> str:
    """The token of a browser in the form in which it is kept.

    Raises:
        UsageError: if it is not a token.
    """
    if not isinstance(owner, str) or not _TOKEN.fullmatch(owner):
        raise UsageError(
            "owner must be 16 to 64 letters, digits, hyphens and underscores that only this "
            "browser knows. Reload the page to get a new one."
        )
    return sha256(owner.encode()).hexdigest()


def check_title(name: object) -> str:
    """What a visitor calls a run, without spaces around it; "" asks for the default.

    Raises:
        UsageError: if it is too long or cannot be printed.
    """
    if not isinstance(name, str) or printable(name) != name or len(name.strip()) > LONGEST_NAME:
        raise UsageError(
            f"The name of a run is up to {LONGEST_NAME} printable characters; "
            f"got '{shown(name, 60)}'."
        )
    return name.strip()


def is_id(id: object) -> bool:
    """Whether it can be the name of a run's directory: nothing leads out of the folder."""
    return isinstance(id, str) and _ID.fullmatch(id) is not None


def default_name(recipe: "Recipe") -> str:
    """What a run is called if its owner says nothing: "vae 2-D, beta 4"."""
    config: Any = recipe.config
    size = recipe.model.options.get("latent_dim")
    parts = [f"{recipe.model.name} {size}-D" if size else recipe.model.name]
    parts += [f"beta {config.beta:g}"] if config.beta != 1 else []
    parts += ["denoising"] if config.noise else []
    return ", ".join(parts)[:LONGEST_NAME]


def distinct(name: str, taken: "Collection[str]") -> str:
    """The name, with a number behind it if another model has it already: "mine, 2"."""
    endings = chain([""], (f", {n}" for n in count(2)))
    tried = (name[: LONGEST_NAME - len(ending)] + ending for ending in endings)
    return next(each for each in tried if each not in taken)
