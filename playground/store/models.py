"""The trained models: loaded once, and shared by all visitors."""

import logging
import os
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from vae_core.errors import UsageError, check_name, shown

from ..runs.disk import record
from ..runs.disk.record import PREFIX
from ..runs.jobs import Jobs
from ..styles import DEFAULT_CARDS, LOOKS, Look, look_of, run_look
from .loading import comparable, kind, load, load_experiment, to_be_mapped
from .remembered import KEPT, remembered

if TYPE_CHECKING:
    from torch.nn import Sequential

    from vae_core.evaluation.atlas import Atlas
    from vae_core.evaluation.likeness import Likeness
    from vae_core.training.checkpoints import Checkpoint

CHECKPOINTS = Path(os.environ.get("VAE_CHECKPOINTS") or Path(__file__).parents[2] / "checkpoints")

_log = logging.getLogger(__name__)

PIXELS = "pixels"  # what no model makes: an atlas of the digits themselves, a film's cross-fade


class Store:
    """The trained models of one folder: loaded once, frozen, shared by all visitors.

    Nothing is read before `start` or the first `get`, so the page can answer before torch is
    imported. Whoever asks for a model that is still loading waits for it.

    Attributes:
        names: every model that is shipped, in the order in which the page shows them.
        jobs: the training runs of visitors, whose models are there too, as `run:<id>`.
    """

    def __init__(self, folder: Path = CHECKPOINTS, jobs: Jobs | None = None) -> None:
        self.folder = folder
        self.jobs = jobs or Jobs()
        self.jobs.forget = lambda id: KEPT.forget(self, PREFIX + id)
        found = {path.stem for path in folder.glob("*.safetensors")}
        shipped = [name for name in LOOKS if name in found]
        self.names = [*shipped, *sorted(found.difference(shipped))]
        self._loader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkpoints")
        self._lock = Lock()
        self._loading: dict[str, Future[Checkpoint]] = {}
        self._experiments: dict[str, Future[Checkpoint]] = {}
        self._classifier: Sequential | None = None
        self._likeness: Likeness | None = None

    def start(self, first: Iterable[str] = ()) -> None:
        """Begins to load everything in the background, the most wanted first."""
        wanted = set(first)
        with self._lock:
            for name in sorted(self.names, key=lambda name: name not in wanted):
                if name not in self._loading:
                    self._loading[name] = self._loader.submit(load, self.path(name))

    def missing(self) -> str:
        """Why the models that the page shows first cannot be used yet; empty once they can."""
        for name in filter(self.names.__contains__, DEFAULT_CARDS):
            loading = self._loading.get(name)
            if loading is None or not loading.done():
                return f"The model '{name}' is still being loaded."
            if loading.exception():
                return f"The model '{name}' cannot be loaded: {loading.exception()}"
        return ""

    def get(self, name: str) -> "Checkpoint":
        """The model called `name`; waits while it is loading.

        Raises:
            UsageError: if there is no such model, its file is damaged, it is not one of grey
            pictures of 28x28, or it would keep all others of a page for strangers waiting.
        """
        self.check(name)
        if name.startswith(PREFIX):
            found = comparable(_of_run(self, name))
            self._afford([found])
            return found
        if name not in self._loading:
            self.start(first=[name])
        return comparable(self._loading[name].result())

    def afford(self, names: Iterable[str], pictures: int) -> None:
        """Refuses to encode or draw so many pictures by each of these, if strangers use this page.

        Raises:
            UsageError: if that takes the models too long.
        """
        self._afford([self.get(name) for name in names], pictures)

    def _afford(self, found: "list[Checkpoint]", pictures: int | None = None) -> None:
        if self.jobs.limits.parameters is not None:
            from ..gate.effort import PICTURES, check_effort

            check_effort(found, PICTURES if pictures is None else pictures)

    def check(self, name: object) -> None:
        """Refuses what is no model's name. Who knows the id of a run may use its model.

        Raises:
            UsageError: if there is no such model, or none yet.
        """
        if not isinstance(name, str) or not name.startswith(PREFIX):
            check_name("model", name, self.names)
        elif not self.path(name).is_file():
            raise UsageError(
                f"There is no model called '{shown(name)}'. Its run may have been deleted, or has not "
                "come to the end of its first epoch yet."
            )

    def experiment(self, name: str) -> "Checkpoint":
        """The model of the Learn tab called `name`, read when it is first wanted.

        These models are in no chooser: they belong to the figures that compare them.

        Raises:
            UsageError: if there is no such model, or its file is missing or damaged.
        """
        from vae_core.experiments import catalogue

        check_name("experiment", name, catalogue.NAMES)
        with self._lock:
            if name not in self._experiments:
                self._experiments[name] = self._loader.submit(
                    load_experiment, self.experiments, name
                )
        return self._experiments[name].result()

    @property
    def experiments(self) -> Path:
        """The folder of the models of the Learn tab, and of what was measured of them."""
        return self.folder / "experiments"

    def version(self, name: str) -> int:
        """A number that changes when the weights of this model do."""
        if not name.startswith(PREFIX):
            return 0
        try:
            return self.path(name).stat().st_mtime_ns
        except FileNotFoundError:
            return 0  # `check` says so

    def look(self, name: str) -> Look:
        """How a model looks on the page; that of a run has the name that its owner gave it."""
        id = name.removeprefix(PREFIX)
        if id == name or not record.is_id(id):
            return look_of(id)
        run = self.jobs.records.read(id)
        return run_look(run.name or id, kind(self.path(name).parent), run.colour)

    def path(self, name: str) -> Path:
        """Where the checkpoint of a model lies; that of a run may be of its first epoch."""
        if not name.startswith(PREFIX):
            return self.folder / f"{name}.safetensors"
        id = name.removeprefix(PREFIX)
        return self.jobs.trainers.files(id if record.is_id(id) else "-").newest

    def atlas(self, name: str) -> "Atlas":
        """The codes of many digits by the model called `name`, and their maps if it has any.

        A model without an atlas of its own, such as one that was just trained, gets the codes of
        the test images it knows, and no map.

        The atlas called `PIXELS` is of the digits themselves, and of no model.

        Raises:
            UsageError: if there is no such atlas, or it is damaged or of other weights.
        """
        self.check_atlas(name)
        return _find_atlas(self, name)

    def check_atlas(self, name: object) -> None:
        """Refuses what is no atlas: neither a model's nor that of the raw pixels.

        Raises:
            UsageError: if there is no such atlas.
        """
        if isinstance(name, str) and name.startswith(PREFIX):
            self.check(name)
        else:
            check_name("atlas", name, self.atlases)

    @property
    def atlases(self) -> list[str]:
        """Every atlas there is: one a model, and that of the raw pixels if it was made."""
        return [*self.names, *([PIXELS] if self.atlas_path(PIXELS).exists() else [])]

    def atlas_path(self, name: str) -> Path:
        """Where the atlas called `name` lies, if it was made ahead."""
        return self.folder / "atlas" / f"{name}.npz"

    def classifier(self) -> "Sequential | None":
        """The digit classifier that says what a picture looks like; None where there is none.

        A damaged one is as none: the pictures are of more use than what is said of them.
        """
        path = self.folder / "classifier" / "classifier.safetensors"
        if self._classifier is None and path.exists():
            from vae_core.evaluation.classifier import load_classifier

            try:
                self._classifier = load_classifier(path)
            except UsageError as error:
                _log.warning("%s", error)
        return self._classifier

    def likeness(self) -> "tuple[Sequential, Likeness]":
        """The digit classifier, and what it sees of held-out digits: together they say what a digit is.

        Raises:
            UsageError: if one of them is missing or damaged.
        """
        from vae_core.evaluation.likeness import load_likeness

        classifier = self.classifier()
        if classifier is None:
            raise UsageError(
                "There is no digit classifier here to say what is a digit and what is none."
            )
        if self._likeness is None:
            self._likeness = load_likeness(self.folder / "classifier" / "digits.npz")
        return classifier, self._likeness


@remembered
def _of_run(store: Store, name: str) -> "Checkpoint":
    return load(store.path(name))._replace(name=name)


@remembered
def _find_atlas(store: Store, name: str) -> "Atlas":
    from vae_core.evaluation import atlas, atlas_making

    path = store.atlas_path(name)
    if name == PIXELS:
        return atlas.load(path)
    checkpoint = store.get(name)
    if path.exists():
        return atlas.load(path, checkpoint.checksum)
    shown, every = to_be_mapped(store.jobs.pictures, checkpoint.recipe.dataset)
    # A code of two numbers is its own map; the map of a longer one takes time for every image.
    short = checkpoint.model.latent_dim <= 2
    found = atlas_making.of_pictures(checkpoint, shown if short else atlas_making.first(shown))
    found.about["every"] = every
    return found
