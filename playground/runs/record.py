"""What the page notes of a training run beside what the trainer writes, and how runs are named.

A run's directory is `runs/<id>`, and that of a run of a sweep is `runs/<sweep>/<run>`: its id has
both. Its note lies in `owner.json`; runs of the command line have none.
"""

from contextlib import suppress
from pathlib import Path

import json
import re
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.errors import UsageError, shown

if TYPE_CHECKING:
    from collections.abc import Collection

    from vae_core.training.recipe import Recipe

PREFIX = "run:"  # of a run's model among the names of models
LONGEST_NAME = 40
_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}(/[A-Za-z0-9_-][A-Za-z0-9_.,=+-]{0,254})?")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True)
class Note:
    """What the page knows of a run.

    Attributes:
        owner: of whom it is, as `hashed` says it.
        name: what its owner calls it.
        created: in seconds since 1970.
        device: what it shall train on.
        colour: which of the colours it has, counted from 0.
        died: the epoch in which its trainer was killed last, and how often there.
        remark: what the page adds to the trainer's own words.
    """

    owner: str
    name: str
    created: float
    device: str = "auto"
    colour: int = 0
    died: tuple[int, int] = (0, 0)
    remark: str = ""

    def write(self, run: Path) -> None:
        """Keeps the note in the directory of its run, in one step."""
        new = run / ".owner.json"
        new.write_text(json.dumps(asdict(self), indent=1))
        new.replace(run / "owner.json")


def read(run: Path) -> Note | None:
    """The note in a run's directory; None if there is none, as for a run of the command line."""
    try:
        plain = json.loads((run / "owner.json").read_text())
        return _checked(Note(**{**plain, "died": tuple(plain["died"])}))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return Note("", "damaged", 0.0)  # nobody's: no token has this hash


def _checked(note: Note) -> Note:
    texts = (note.owner, note.name, note.device, note.remark)
    numbers = (note.created, note.colour, *note.died)
    if not all(isinstance(text, str) for text in texts) or len(note.died) != 2:
        raise TypeError("not the texts of a note")
    if not all(isinstance(number, int | float) for number in numbers):
        raise TypeError("not the numbers of a note")
    return note


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
    if not isinstance(name, str) or not name.isprintable() or len(name.strip()) > LONGEST_NAME:
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
    parts = [f"{recipe.model.name} {recipe.model.options['latent_dim']}-D"]
    parts += [f"beta {config.beta:g}"] if config.beta != 1 else []
    parts += ["denoising"] if config.noise else []
    return ", ".join(parts)[:LONGEST_NAME]


def distinct(name: str, taken: "Collection[str]") -> str:
    """The name, with a number behind it if another model has it already: "mine, 2"."""
    endings = chain([""], (f", {n}" for n in count(2)))
    tried = (name[: LONGEST_NAME - len(ending)] + ending for ending in endings)
    return next(each for each in tried if each not in taken)


SELDOM = 5.0  # seconds that are written down at once


class Spent:
    """The seconds that runs have had, in a file `spent` in the directory of each.

    The time of the file says up to when they are counted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seconds: dict[str, float] = {}
        self._written: dict[str, float] = {}

    def of(self, id: str) -> float:
        """The seconds that a run has had, also under earlier pages."""
        if id not in self._seconds:
            self._seconds[id] = self._written[id] = _read(self._file(id))
        return self._seconds[id]

    def add(self, id: str, seconds: float) -> None:
        """Counts some more."""
        self._seconds[id] = self.of(id) + seconds
        if self._seconds[id] - self._written[id] >= SELDOM:
            self.keep(id)

    def add_until(self, id: str, moment: float) -> None:
        """Counts the time, in seconds since 1970, for which no page looked."""
        with suppress(FileNotFoundError):
            self.add(id, max(0.0, moment - self._file(id).stat().st_mtime))

    def keep(self, id: str) -> None:
        """Writes down what was counted, in one step. If it cannot be, it is tried again later."""
        new = self._file(id).with_name(".spent")
        with suppress(OSError):
            new.write_text(f"{self.of(id):.1f}")
            new.replace(self._file(id))
            self._written[id] = self.of(id)

    def forget(self, id: str) -> None:
        """Of a run that is there no longer."""
        self._seconds.pop(id, None)
        self._written.pop(id, None)

    def _file(self, id: str) -> Path:
        return self.folder / id / "spent"


def _read(file: Path) -> float:
    try:
        return float(file.read_text())
    except (OSError, ValueError):
        return 0.0
