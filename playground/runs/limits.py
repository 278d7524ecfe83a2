"""How much training the page lets a visitor do."""

import os
from dataclasses import dataclass

from vae_core.errors import UsageError

LARGEST_ARCHIVE = 128 * 2**20  # bytes
LARGEST_MODEL = 64 * 2**20


@dataclass(frozen=True)
class Limits:
    """What training may cost. None is no limit.

    Attributes:
        at_once: runs that train at the same time; others wait for their turn.
        threads: of each run on a CPU.
        minutes: from the start of a run to its end, pauses included, whatever becomes of the page.
        parameters: of the model.
        memory: megabytes that training may take, beside what torch takes anyhow.
        images: seen in a whole run, epochs times images.
        runs: that are kept of one visitor.
        waiting: runs that may wait for their turn.
        megabytes: on disk, all runs of all visitors.
        each: megabytes on disk, all runs of one visitor.
        everyones: whether runs of the command line are shown to whoever opens the page.
        folders: whether pictures may be read from any folder of this machine.
        upload: the most bytes of a file that a visitor sends.
        pictures: megabytes on disk of the pictures that visitors sent.
        days: after which pictures that nobody used are removed.
        strict: whether a run that takes more memory than `memory` after all is ended.
    """

    at_once: int
    threads: int
    minutes: float | None = None
    parameters: int | None = None
    memory: int | None = None
    images: int | None = None
    runs: int | None = None
    waiting: int | None = None
    megabytes: int | None = None
    each: int | None = None
    everyones: bool = False
    folders: bool = False
    upload: int = 128 * 2**20
    pictures: float | None = None
    days: float | None = None
    strict: bool = False

    @property
    def archive(self) -> int:
        """The most bytes of pictures in a zip file."""
        return min(LARGEST_ARCHIVE, self.upload)

    def check(self, parameters: int, images: int, memory: int) -> None:
        """Refuses a run that is too large.

        Arguments:
            memory: in bytes.

        Raises:
            UsageError: if the model has too many parameters, would see too many images, or it
                would take too much memory to train.
        """
        self.check_model(parameters)
        if self.images is not None and images > self.images:
            raise UsageError(
                f"This run would look at {images:,} images, and on this page a run may look at "
                f"{self.images:,}. Lower the epochs, or choose a smaller data set."
            )
        if self.memory is not None and memory > 1e6 * self.memory:
            raise UsageError(
                f"This run would take about {memory / 1e9:,.1f} GB of memory, and here a run may "
                f"take {self.memory / 1e3:,.1f} GB. Lower the batch size, the width or the depth."
            )

    def check_model(self, parameters: int) -> None:
        """Refuses a model that is too large, whether it is trained here or was elsewhere.

        Raises:
            UsageError: if it has too many parameters.
        """
        if self.parameters is not None and parameters > self.parameters:
            raise UsageError(
                f"This model has {parameters:,} parameters, and on this page a model may have "
                f"{self.parameters:,}. Lower its width or its depth."
            )


def _memory() -> int | None:
    """The megabytes that this machine has; None where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 10**6
    except (AttributeError, OSError, ValueError):
        return None


OPEN = Limits(
    at_once=2,
    threads=max(1, (os.cpu_count() or 1) // 2),
    memory=_memory(),
    everyones=True,
    folders=True,
)
HOSTED = Limits(
    at_once=1,
    threads=1,
    minutes=10,
    parameters=3_000_000,
    memory=2000,
    images=10_000_000,
    runs=5,
    waiting=20,
    megabytes=2000,
    each=500,
    upload=32 * 2**20,
    pictures=400,
    days=30,
    strict=True,
)
