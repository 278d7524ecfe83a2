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
        images: seen in a whole run, epochs times images.
        runs: that are kept of one visitor.
        waiting: runs that may wait for their turn.
        megabytes: on disk, all runs of all visitors.
        everyones: whether runs of the command line are shown to whoever opens the page.
        folders: whether pictures may be read from any folder of this machine.
        upload: the most bytes of a file that a visitor sends.
        pictures: megabytes on disk of the pictures that visitors sent.
    """

    at_once: int
    threads: int
    minutes: float | None = None
    parameters: int | None = None
    images: int | None = None
    runs: int | None = None
    waiting: int | None = None
    megabytes: int | None = None
    everyones: bool = False
    folders: bool = False
    upload: int = 128 * 2**20
    pictures: float | None = None

    @property
    def archive(self) -> int:
        """The most bytes of pictures in a zip file."""
        return min(LARGEST_ARCHIVE, self.upload)

    def check(self, parameters: int, images: int) -> None:
        """Refuses a run that is too large.

        Raises:
            UsageError: if the model has too many parameters, or would see too many images.
        """
        if self.parameters is not None and parameters > self.parameters:
            raise UsageError(
                f"This model has {parameters:,} parameters, and on this page a model may have "
                f"{self.parameters:,}. Lower its width or its depth."
            )
        if self.images is not None and images > self.images:
            raise UsageError(
                f"This run would look at {images:,} images, and on this page a run may look at "
                f"{self.images:,}. Lower the epochs, or choose a smaller data set."
            )


OPEN = Limits(at_once=2, threads=max(1, (os.cpu_count() or 1) // 2), everyones=True, folders=True)
HOSTED = Limits(
    at_once=1,
    threads=1,
    minutes=10,
    parameters=3_000_000,
    images=10_000_000,
    runs=5,
    waiting=20,
    megabytes=2000,
    upload=32 * 2**20,
    pictures=400,
)
