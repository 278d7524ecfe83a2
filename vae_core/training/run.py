"""Drives a training run so that it can be watched, paused, stopped, killed and gone on with."""

import time
from collections.abc import Callable, Iterator
from math import inf
from typing import Any

from .. import files
from ..errors import UsageError
from ..files import is_full
from ..models import Autoencoder
from ..types import Bytes
from . import checkpoints
from .distributed import broadcast_decision
from .preview import Preview, preview
from .recipe import Recipe
from .run_directory import RunDir, line
from .trainer import Progress, Report, Trainer

TELL = 0.3  # seconds between two lines of progress within an epoch
SELDOM = 2.0  # seconds between two epochs that are saved, unless a watcher wants something
LOOK = 0.1  # seconds between two looks at what the watchers want, while paused


def drive(
    trainer: Trainer,
    run: RunDir,
    recipe: Recipe,
    verdict: Callable[[], str] = str,
    seconds: float = inf,
) -> Iterator[Progress | Report]:
    """Trains until the recipe is done or a watcher says stop, leaving everything in `run`.

    If the run's directory holds the state of an earlier start, training goes on from there: a
    kill at any moment costs at most the epoch that it interrupted, and short ones before it that
    nobody was told of yet. Of several processes that
    train together only the first one writes, and it speaks for all.

    Arguments:
        verdict: what to say of the model when it is done, in a sentence; "" if it went well.
        seconds: that there are. Where the next epoch would not fit, the run is left so that it can
            be gone on with, and waits for it.

    Raises:
        UsageError: if the loss is no longer a number, the disk is full, or the directory cannot be
            used. What was saved before is still there.
    """
    try:
        yield from _driven(trainer, run, recipe, verdict, _Lease(seconds))
    except OSError as error:
        why = "The disk is full" if is_full(error) else f"The run cannot be kept: {error.strerror}"
        raise UsageError(
            f"{why}, so training stopped in epoch {trainer.epoch + 1}. What was saved before is "
            "safe. Make room, and go on with the run."
        ) from error


def _driven(
    trainer: Trainer, run: RunDir, recipe: Recipe, verdict: Callable[[], str], lease: "_Lease"
) -> Iterator[Progress | Report]:
    first = trainer.rank == 0
    before = run.state()
    if before:
        trainer.restore(*before)
    if first:
        _open(trainer, run, recipe, before[1].get("lines", []) if before else None)
    keeper = _Keeper(trainer, run, recipe)
    while trainer.epoch < recipe.config.epochs:
        for told, report in enumerate(trainer.run_epoch(TELL), start=1):
            at_an_end = isinstance(report, Report)
            if first and isinstance(report, Report):
                keeper.keep(report)
            elif first:
                if trainer.epoch == 0 and told & (told - 1) == 0:  # 1, 2, 4, 8 …
                    _keep_moment(trainer, run, recipe)
                keeper.tell(line("progress", **report._asdict()))
            yield report
            if not broadcast_decision(not first or _may_go_on(run, keeper, at_an_end)):
                if first:
                    run.write_status("stopped", f"Stopped after epoch {trainer.epoch}.")
                return
            more = at_an_end and trainer.epoch < recipe.config.epochs
            if more and broadcast_decision(first and lease.is_over()):
                if first:
                    keeper.save()
                    words = f"The time that there was is over after epoch {trainer.epoch}."
                    run.write_status("waiting", words)  # to be gone on with
                return
    if first:
        run.write_status("done", verdict())


class _Lease:
    """The time that a run has, which is asked about at the end of each epoch."""

    def __init__(self, seconds: float) -> None:
        self._last = time.monotonic()
        self._end = self._last + seconds

    def is_over(self) -> bool:
        """True if another epoch as long as this one would not fit."""
        now = time.monotonic()
        took, self._last = now - self._last, now
        return now + took > self._end


class _Keeper:
    """Saves a run at the end of epochs, and tells of each as soon as it is saved.

    Short epochs are saved and told together: each may take as long to write as to train. So what
    was told can always be gone on from.
    """

    def __init__(self, trainer: Trainer, run: RunDir, recipe: Recipe) -> None:
        self._trainer, self._run, self._recipe = trainer, run, recipe
        self._lines: list[dict[str, Any]] = []  # not told yet, the first one of an epoch
        self._last: tuple[Report, Preview] | None = None  # not saved yet
        self._due = -inf

    @property
    def is_behind(self) -> bool:
        """Whether there are epochs that are not saved."""
        return self._last is not None

    def tell(self, line: dict[str, Any]) -> None:
        """Adds a line to the metrics, behind those that are still to come."""
        if self.is_behind:
            self._lines.append(line)
        else:
            self._run.append_lines([line])

    def keep(self, report: Report) -> None:
        """Takes note of an epoch that has just ended, and saves it if it is time to."""
        made = preview(self._trainer.model, self._trainer.held_out, self._recipe.config)
        self._last = report, made
        self.tell(line("epoch", **report._asdict(), **made.numbers))
        if report.epoch == self._recipe.config.epochs or time.monotonic() >= self._due:
            self.save()

    def save(self) -> None:
        """Saves the epoch that has just ended, unless it is saved."""
        if self._last is None:
            return
        (report, made), run = self._last, self._run
        # The lines come last: whoever reads of an epoch can rely on all of it being there.
        weights = checkpoints.packed(
            run.checkpoint.name, self._trainer.model, self._recipe, report._asdict()
        )
        files.write_atomically(run.checkpoint, weights)
        run.keep_preview(made)
        run.save_state(*self._trainer.state(), self._lines)
        run.append_lines(self._lines)
        self._lines, self._last = [], None
        self._due = time.monotonic() + SELDOM


def show_untrained(
    model: Autoencoder, run: RunDir, recipe: Recipe, wanted: Bytes, held_out: Bytes
) -> None:
    """Leaves a run's first pictures before there is a trainer: its optimizer takes long to import.

    A model that is fitted at length before it trains has its first pictures from the trainer.

    Arguments:
        wanted: what should come out of the training images, by the task.
    """
    quick = type(model).fit_before_training is Autoencoder.fit_before_training
    if quick and not run.preview():
        model.fit_before_training(wanted)
        run.keep_preview(preview(model, held_out, recipe.config))


def _open(
    trainer: Trainer, run: RunDir, recipe: Recipe, lines: list[dict[str, Any]] | None
) -> None:
    # The lines are those that were saved with the state to go on from; None if there is none.
    if run.requested_action() == "stop":
        run.request("run")  # who starts it again has changed their mind
    run.write_status("running")
    if lines is not None:
        run.resume(trainer.epoch, lines)
    elif not run.preview():
        run.keep_preview(preview(trainer.model, trainer.held_out, recipe.config))


def _keep_moment(trainer: Trainer, run: RunDir, recipe: Recipe) -> None:
    """Leaves weights and pictures within the first epoch, where most is learnt."""
    try:
        weights = checkpoints.packed(run.moment.name, trainer.model, recipe, {})
    except UsageError:
        return  # the loss will say so in better words
    files.write_atomically(run.moment, weights)
    run.keep_preview(preview(trainer.model, trainer.held_out, recipe.config))


def _may_go_on(run: RunDir, keeper: _Keeper, at_an_end: bool) -> bool:
    """Waits while the run is to pause; False if it is to stop."""
    action = run.requested_action()
    if action == "run" or (not at_an_end and (action == "step" or keeper.is_behind)):
        return True  # only the end of an epoch can be saved, and it is near if one is not
    keeper.save()
    if action == "step":
        run.request("pause")
        action = "pause"
    if action == "pause":
        run.write_status("paused")
    while (action := run.requested_action()) == "pause":
        time.sleep(LOOK)
    run.write_status("running")
    return action != "stop"
