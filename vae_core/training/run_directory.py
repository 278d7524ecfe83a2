"""A run directory: what a training run leaves behind while it goes, for whoever watches it.

    recipe.json              what is trained, and how
    metrics.jsonl            one object a line, only ever appended to; see `line`
    checkpoint.safetensors   the model after the last whole epoch
    moment.safetensors       the model within its first epoch, for who does not want to wait for its end
    state.safetensors        what it takes to go on from there
    preview.safetensors      pictures of what the model can do by now
    status.json              whether it runs, waits, is done, or why it stopped
    control                  what a watcher asks for: run, pause, step or stop
    lock                     held by the process that trains

Every file but the metrics is replaced in one step, so a reader never sees half of one.
"""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes
from torch import Tensor

from ..errors import UsageError, check_name
from ..files import holder, holding, write_atomically
from .metrics import Metrics
from .preview import Preview
from .recipe import Recipe

STATES = ("waiting", "running", "paused", "done", "stopped", "failed", "interrupted")
ACTIONS = ("run", "pause", "step", "stop")
KEY = "vae-playground"


def line(kind: str, **values: Any) -> dict[str, Any]:
    """A line of the metrics: its kind, the time, and whatever it says.

    The kinds are `progress`, within an epoch; `epoch`, at the end of one; and `resumed`, after
    which all lines of later epochs that stand before it count no more.
    """
    return {"kind": kind, "time": round(time.time(), 3), **values}


class RunDir:
    """One run's directory, for the run itself and for those who watch it.

    Attributes:
        path: the directory.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    @property
    def checkpoint(self) -> Path:
        return self.path / "checkpoint.safetensors"

    @property
    def moment(self) -> Path:
        return self.path / "moment.safetensors"

    @property
    def newest(self) -> Path:
        """The newest weights; the file may not be there yet."""
        return self.checkpoint if self.checkpoint.exists() else self.moment

    def begin(self, recipe: Recipe) -> None:
        """Makes the directory, or checks that the run in it is the same one.

        Raises:
            UsageError: if another run is in there, or the directory cannot be made.
        """
        if (self.path / "recipe.json").exists():
            if self.recipe() != recipe:
                raise UsageError(
                    f"{self.path} holds another run. Choose a directory that is not there yet, or "
                    f"leave the model out to go on with that run: --run-dir {self.path}."
                )
            return
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._write("recipe.json", recipe.to_plain())
        except OSError as error:
            raise UsageError(
                f"{self.path} cannot be written to: {error.strerror}. Choose another directory "
                "with --run-dir."
            ) from error

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Keeps other trainers out while the block runs.

        Raises:
            UsageError: if another process trains in here, or the directory cannot be written to.
        """
        with holding(self.path / "lock") as mine:
            if not mine:
                raise UsageError(
                    f"Another process trains in {self.path} already. Wait until it is done, or "
                    "choose another directory with --run-dir."
                )
            self._tidy()
            yield

    def trainer(self) -> int | None:
        """The id of the process that trains in here; None if there is none."""
        return holder(self.path / "lock")

    def recipe(self) -> Recipe:
        """The recipe of what this run trains.

        Raises:
            UsageError: if there is no run in here, or its recipe is damaged.
        """
        try:
            return Recipe.from_plain(self._read("recipe.json"))
        except FileNotFoundError as error:
            raise UsageError(f"There is no run in {self.path}.") from error
        except UsageError as error:
            raise UsageError(f"The recipe in {self.path} is damaged: {error}") from error
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise UsageError(f"The recipe in {self.path} is damaged, or is none.") from error

    def append(self, kind: str, **values: Any) -> None:
        """Adds a line to the metrics, as `line` makes it."""
        self.append_lines([line(kind, **values)])

    def append_lines(self, lines: list[dict[str, Any]]) -> None:
        """Adds lines to the metrics, all at once."""
        with open(self.path / "metrics.jsonl", "ab") as file:
            file.write(b"".join(json.dumps(each).encode() + b"\n" for each in lines))

    def metrics(self) -> list[dict[str, Any]]:
        """The lines that count, in order. A line that a crash cut short is passed over."""
        return self.follow().read()

    def follow(self) -> Metrics:
        """The metrics, for who reads them again and again."""
        return Metrics(self.path / "metrics.jsonl")

    def epoch(self) -> int:
        """The last whole epoch; 0 before the first."""
        metrics = self.follow()
        metrics.read()
        return metrics.last_epoch["epoch"] if metrics.last_epoch else 0

    def last_sign(self) -> float:
        """When something was trained last, in seconds since 1970; 0 if it never was."""
        if self.trainer():
            return time.time()
        try:
            return (self.path / "metrics.jsonl").stat().st_mtime
        except OSError:
            return 0.0

    def keep_preview(self, made: Preview) -> None:
        """Replaces the pictures of what the model can do."""
        write_atomically(self.path / "preview.safetensors", to_bytes(made.tensors))

    def preview(self) -> dict[str, Tensor]:
        """The latest pictures by name, as `preview` makes them.

        Empty before the first, and if they are damaged: the next epoch makes new ones.
        """
        try:
            return load_file(self.path / "preview.safetensors")
        except (OSError, SafetensorError):
            return {}

    def save_state(
        self,
        tensors: dict[str, Tensor],
        plain: dict[str, Any],
        lines: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Keeps what `Trainer.state` gave.

        Arguments:
            lines: of the metrics that are added next; a kill before that loses none of them.
        """
        # Copies: layers may share a weight, and no two tensors of such a file may.
        tensors = {
            name: each.detach().cpu().contiguous().clone() for name, each in tensors.items()
        }
        content = to_bytes(tensors, metadata={KEY: json.dumps({**plain, "lines": [*lines]})})
        write_atomically(self.path / "state.safetensors", content)

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """The state that `Trainer.restore` takes; None if no epoch was completed.

        Raises:
            UsageError: if the file is damaged.
        """
        path = self.path / "state.safetensors"
        if not path.exists():
            return None
        try:
            with safe_open(path, framework="pt") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
                return tensors, json.loads(file.metadata()[KEY])
        except Exception as error:  # as in checkpoints.load_checkpoint
            raise UsageError(
                f"{path} is damaged, so this run cannot go on. Start it again in another directory."
            ) from error

    def resume(self, epoch: int, lines: Sequence[dict[str, Any]] = ()) -> None:
        """Notes that the run goes on after this epoch.

        Arguments:
            lines: those that were saved with its state; what a kill lost of them is added again.
        """
        file = self.path / "metrics.jsonl"
        if file.exists() and not file.read_bytes().endswith(b"\n"):
            with open(file, "ab") as metrics:
                metrics.write(b"\n")  # a crash cut the last line short
        last = self.epoch()
        lost = [each for each in lines if each["kind"] == "epoch" and each["epoch"] > last]
        self.append_lines([line("resumed", epoch=epoch), *lost])

    def write_status(self, state: str, sentence: str = "") -> None:
        """Sets the status: one of `STATES`, and why."""
        self._write(
            "status.json",
            {"state": state, "sentence": sentence, "pid": os.getpid(), "time": time.time()},
        )

    def status(self) -> dict[str, Any]:
        """The status as it was last set; `waiting` before the run has begun.

        One that is damaged counts as that of a run that was interrupted.
        """
        try:
            found = self._read("status.json")
            if found["state"] in STATES and isinstance(found["sentence"], str):
                return found
        except FileNotFoundError:
            return {"state": "waiting", "sentence": "", "pid": None, "time": 0.0}
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            pass
        sentence = "The status of this run is damaged. Resume it to go on."
        return {"state": "interrupted", "sentence": sentence, "pid": None, "time": 0.0}

    def request(self, action: str) -> None:
        """Asks the run to do this next.

        Raises:
            UsageError: if it is not one of `ACTIONS`.
        """
        check_name("action", action, ACTIONS)
        write_atomically(self.path / "control", action.encode())

    def requested_action(self) -> str:
        """The action that was asked for last; `run` if nobody asked for any."""
        try:
            action = (self.path / "control").read_text()
        except (OSError, ValueError):  # nobody asked, or what was asked is damaged
            return "run"
        return action if action in ACTIONS else "run"

    def _tidy(self) -> None:
        """Removes what a kill left of files that were being written. Only the trainer writes these."""
        for name in ("checkpoint", "moment", "state", "preview"):
            for left in self.path.glob(f".{name}.safetensors.*"):
                with suppress(OSError):
                    left.unlink()

    def _write(self, name: str, content: dict[str, Any]) -> None:
        write_atomically(self.path / name, (json.dumps(content, indent=1) + "\n").encode())

    def _read(self, name: str) -> dict[str, Any]:
        return json.loads((self.path / name).read_text())
