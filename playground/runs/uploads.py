"""Pictures that visitors bring: each upload is one small file, named by an id nobody can guess."""

import os
import secrets
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from vae_core.errors import UsageError, shown

from .limits import Limits
from .record import is_id

if TYPE_CHECKING:
    from vae_core.data.ingest import Gathered
    from vae_core.types import Pictures

PREFIX = "mine:"  # of their names on the page


class Shelf:
    """The uploaded pictures of one folder, and which data sets a visitor may have read at all.

    On the page an upload is called `mine:<id>`, and whoever knows the name may use it. To the
    library it is `file:<path>`. Another path is read only where the limits allow it: a recipe
    may come from a stranger's checkpoint.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder = folder
        self.limits = limits
        self._reading = Lock()

    def keep(self, archive: bytes, way: str) -> str:
        """The name of the pictures in a zip file, from now on. Those longest unused make room.

        Raises:
            UsageError: if they cannot be used, or the disk cannot be written to.
        """
        from vae_core.data.archives import read_zip
        from vae_core.data.folders import packed
        from vae_core.files import write_atomically

        if not self._reading.acquire(blocking=False):
            raise UsageError("Somebody else's pictures are being read. Try again in a minute.")
        try:
            content = packed(read_zip(archive, way))
            id = secrets.token_urlsafe(16)
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make_room(len(content))
            write_atomically(self._path(id), content)
        except OSError as error:
            raise UsageError(
                f"The pictures cannot be kept: {error.strerror}. Ask whoever runs this page to "
                "make room on its disk."
            ) from error
        finally:
            self._reading.release()
        return PREFIX + id

    def resolve(self, dataset: object) -> str:
        """What the library calls a data set of the page.

        Raises:
            UsageError: if there is none of this name, or a visitor may not have it read.
        """
        from vae_core.data.datasets import check_dataset
        from vae_core.data.folders import is_own, located

        if not isinstance(dataset, str) or not dataset.startswith(PREFIX):
            check_dataset(dataset)
            name = located(str(dataset))
            if is_own(name) and not self.limits.folders and not self._is_here(name):
                raise UsageError(
                    "Folders and files of the server cannot be read from this page. Bring your "
                    "pictures as a zip file."
                )
            return name
        id = dataset.removeprefix(PREFIX)
        path = self._path(id if is_id(id) else "-")
        try:
            os.utime(path)  # those longest unused are removed first
        except OSError:
            raise UsageError(
                "These pictures are not on the server any more; those longest unused are removed "
                "to make room. Bring them again, or choose another data set."
            ) from None
        return f"file:{path}"

    def shown(self, dataset: str) -> str:
        """What the page calls a data set of the library."""
        return PREFIX + Path(dataset).stem if self._is_here(dataset) else dataset

    def load(self, dataset: str, split: str) -> "Pictures":
        """One split of a data set of the library, as `vae_core.data.datasets.load`, if that is allowed."""
        from vae_core.data import datasets

        return datasets.load(self.resolve(self.shown(dataset)), split)

    def look(self, dataset: str) -> "Gathered":
        """All pictures of a data set of the page that is a visitor's own.

        Raises:
            UsageError: as `resolve`, or if it is not one of those.
        """
        from vae_core.data.folders import is_own, read

        name = self.resolve(dataset)
        if not is_own(name):
            raise UsageError(f"'{shown(dataset)}' is not made of pictures that somebody brought.")
        return read(name)

    def _path(self, id: str) -> Path:
        return self.folder / f"{id}.safetensors"

    def _is_here(self, dataset: str) -> bool:
        path = Path(dataset.removeprefix("file:"))
        return dataset.startswith("file:") and path == self._path(path.stem) and is_id(path.stem)

    def _make_room(self, size: int) -> None:
        if self.limits.pictures is None:
            return
        files = [(file.stat(), file) for file in self.folder.glob("*.safetensors")]
        left = self.limits.pictures * 1e6 - size - sum(facts.st_size for facts, _ in files)
        for facts, file in sorted(files, key=lambda each: each[0].st_mtime_ns):
            if left >= 0:
                break
            file.unlink(missing_ok=True)
            left += facts.st_size
