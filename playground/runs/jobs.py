"""Training runs of visitors: who may see which, and what they may ask of them.

All there is to know of a run lies in its directory: `vae_core.training.run_directory` says what the
trainer keeps there, `record` what the page adds. So runs outlive the page.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from vae_core.errors import UsageError, check_name, shown

from . import admission, room
from .cost import size_of
from .disk import record, storage
from .disk.adopted import adopted
from .disk.storage import Adopted
from .disk.uploads import Shelf
from .limits import OPEN, Limits
from .run import ENDED, Run, first_record, told
from .trainers.supervisor import Supervisor

if TYPE_CHECKING:
    from vae_core.training.recipe import Recipe

    from .request import Action

RUNS = Path(os.environ.get("VAE_RUNS") or Path(__file__).parent.parent.parent / "runs")


class Jobs:
    """The runs of one folder, which is made when the first run is.

    Attributes:
        pictures: those that visitors brought to train on; they lie in the same folder.
        forget: told of each run that is removed, so that nothing is kept of it in memory.
    """

    def __init__(self, folder: Path = RUNS, limits: Limits = OPEN) -> None:
        self.folder = folder.resolve()
        self.limits = limits
        self.trainers = Supervisor(self.folder, limits)
        self.records = self.trainers.records
        self.pictures = Shelf(self.folder / ".pictures", limits)
        self.pictures.in_use = self._trained_on
        self.forget: Callable[[str], object] = lambda _: None

    def begin(self) -> None:
        """Goes on with what an earlier page left; nothing is looked at before."""
        if self.trainers.begin():
            self.pictures.tidy()

    def close(self) -> None:
        """Looks after the runs no longer. Those that train go on."""
        self.trainers.close()

    def start(self, owner: str, recipe: "Recipe", name: str = "", device: str = "auto") -> str:
        """The id of a new run, which trains as soon as it is its turn.

        Raises:
            UsageError: if it is beyond a limit, too many wait, the name is not one, its pictures
                are gone or may not be read, or the disk cannot be written to.
        """
        self.pictures.resolve(recipe.dataset, owner)
        self.pictures.tidy()
        admission.check(recipe, self.limits)
        with self.trainers.lock:
            self.begin()
            id = self._make(owner, recipe, record.check_title(name), device)
            try:
                self.trainers.enqueue(id)
            except (UsageError, OSError):
                storage.remove(self.folder / id)
                raise
            self.trainers.look()
            return id

    def adopt(self, owner: str, name: str, checkpoint: bytes) -> str:
        """The id of a run that is done already: a checkpoint from elsewhere.

        Raises:
            UsageError: if it is not a checkpoint, not of pictures of 28x28, or too large.
        """
        found = adopted(checkpoint, record.check_title(name), self.folder, self.pictures, owner)
        self.limits.check_model(size_of(found.recipe).parameters)
        with self.trainers.lock:
            self.begin()
            return self._make(owner, found.recipe, record.check_title(name), "auto", found)

    def runs(self, owner: str, opened: Iterable[str] = ()) -> list[Run]:
        """The runs of this browser, the oldest first.

        Arguments:
            opened: runs of sweeps that are among them, as far as they are there.
        """
        self.begin()
        hashed = record.hashed(owner)
        known = {*self.records.ids(), *filter(self.records.is_run, opened)}
        return self._sorted(id for id in known if self._may_see(hashed, id))

    def sweeps(self) -> list[str]:
        """The sweeps in the folder, the newest first; none where the command line's are hidden."""
        if not self.limits.everyones or not self.folder.is_dir():
            return []
        inside = [path for path in self.folder.iterdir() if record.is_id(path.name)]
        others = [path for path in inside if not self.records.is_run(path.name)]
        found = [path for path in others if any(self.records.ids(path.name))]
        return [path.name for path in sorted(found, key=lambda path: -path.stat().st_mtime)]

    def sweep(self, name: object) -> list[Run]:
        """The runs of a sweep.

        Raises:
            UsageError: if there is no such sweep.
        """
        check_name("sweep", name, self.sweeps())
        return self._sorted(self.records.ids(str(name)))

    def get(self, owner: str, id: object) -> Run:
        """One run of this browser.

        Raises:
            UsageError: if there is none; the same for the run of another browser.
        """
        self.begin()
        hashed = record.hashed(owner)
        known = str(id) if self.records.is_run(id) else ""
        if known and self._may_see(hashed, known):
            return self._run(known, self.records.queue())
        raise UsageError(
            f"This browser has no run called '{shown(id)}'. It may have been deleted; the list of "
            "runs shows those that are there."
        )

    def control(self, owner: str, id: object, action: "Action") -> tuple[str, str]:
        """Does what is asked of a run; its id, another one after a rewind, and its state.

        Raises:
            UsageError: if there is no such run, or the run cannot do that now.
        """
        if action == "delete":
            return self.delete(owner, id), "deleted"
        if action == "rewind":
            known = self.rewind(owner, id)
        else:
            known = self.request(owner, id, "run" if action == "resume" else action)
        return known, self.get(owner, known).state

    def request(self, owner: str, id: object, action: object) -> str:
        """Asks a run to `run`, `pause`, `step` or `stop`; its id.

        Raises:
            UsageError: if there is no such run or action, or the run cannot do that now.
        """
        from vae_core.training.run_directory import ACTIONS

        check_name("action", action, ACTIONS)
        with self.trainers.lock:
            run = self.get(owner, id)
            if run.state in ENDED and action in ("run", "step"):
                self._go_on(run, str(action))
            elif run.state == "waiting" and action == "pause":
                raise UsageError("This run waits for its turn. Stop it, or let it begin first.")
            elif run.state not in ENDED:
                self.trainers.request(run.id, str(action))
            return run.id

    def rewind(self, owner: str, id: object) -> str:
        """The id of a new run like this one, from the same initial weights. This one stops."""
        with self.trainers.lock:
            run = self.get(owner, id)
            if run.state not in ENDED:
                self.trainers.request(run.id, "stop")
            name = run.name[: record.LONGEST_NAME]
            return self.start(owner, run.files.recipe(), name, run.record.device)

    def delete(self, owner: str, id: object) -> str:
        """Ends a run and removes all of it; its id.

        Raises:
            UsageError: if there is no such run, or it is part of a sweep.
        """
        with self.trainers.lock:
            run = self.get(owner, id)
            if "/" in run.id:
                raise UsageError("This run belongs to a sweep, and goes with the sweep's folder.")
            self._remove(run.id)
            return run.id

    def _trained_on(self) -> set[str]:
        """The data sets of the runs that have not ended."""
        going = [run for run in self._sorted(self.records.ids()) if run.state not in ENDED]
        found = set()
        for run in going:
            with suppress(UsageError):
                found.add(run.files.recipe().dataset)
        return found

    def _may_see(self, hashed: str, id: str) -> bool:
        owner = self.records.read(id).owner
        return self.limits.everyones if owner is None else owner == hashed

    def _sorted(self, ids: Iterable[str]) -> list[Run]:
        queue = self.records.queue()
        return sorted((self._run(id, queue) for id in ids), key=lambda run: (run.created, run.id))

    def _run(self, id: str, queue: list[str]) -> Run:
        kept, files = self.records.read(id), self.trainers.files(id)
        if id in queue:
            sentence = "" if len(queue) == 1 else f"{len(queue)} runs wait for their turn."
            if kept.pieces:
                sentence = f"Waits for piece {kept.pieces + 1} of its training. {sentence}".strip()
            return Run(id, files, kept, "waiting", sentence, queue.index(id) + 1)
        return Run(id, files, kept, *told(kept, files, self.trainers.status(id)), None)

    def _go_on(self, run: Run, action: str) -> None:
        if run.state == "done":
            raise UsageError("This run is done. Start one with more epochs to go further.")
        admission.check_cost(run.files.recipe(), self.limits)
        self.trainers.enqueue(run.id)
        run.files.request(action)
        self.records.update(run.id, deaths=(0, 0), remark="")
        self.trainers.look()

    def _make(
        self, owner: str, recipe: "Recipe", name: str, device: str, found: Adopted | None = None
    ) -> str:
        """A new run's directory, all of it or nothing."""
        self._make_room(owner)
        queued = time.time_ns() if found is None else None
        new = first_record(self.runs(owner), record.hashed(owner), recipe, name, device, queued)
        id = secrets.token_urlsafe(16)
        storage.make_run(self.folder, id, recipe, new, found)
        return id

    def _make_room(self, owner: str) -> None:
        """Removes runs that have ended, as far as the limits ask for it.

        Raises:
            UsageError: if that does not make enough room.
        """
        for run in room.beyond_count(self.runs(owner), self.limits):
            self._remove(run.id)
        for run in room.beyond_size(self.runs(owner), self.limits.each, self._size):
            self._remove(run.id)
        if self.limits.megabytes is not None:
            everyones = self._sorted(self.records.ids())
            others = storage.size(self.folder) - sum(self._size(run.id) for run in everyones)
            for run in room.beyond_size(everyones, self.limits.megabytes, self._size, others):
                self._remove(run.id)

    def _size(self, id: str) -> int:
        return storage.size(self.folder / id)

    def _remove(self, id: str) -> None:
        self.trainers.end(id)
        storage.remove(self.folder / id)
        self.forget(id)
