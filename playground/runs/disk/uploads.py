"""Pictures that visitors bring: each upload is one small file, in a folder of its owner."""

import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from vae_core.errors import UsageError, shown

from ... import decoding
from ..limits import Limits
from .record import hashed, is_id

if TYPE_CHECKING:
    from vae_core.data.ingest import Gathered
    from vae_core.types import Pictures

PREFIX = "mine:"  # of their names on the page
DAY = 86400.0  # seconds
_FOLDER = re.compile(r"[0-9a-f]{32}")  # of an owner: the first half of the hash of their token
_GONE = (
    "These pictures are not on the server any more; those longest unused are removed to make room. "
    "Bring them again, or choose another data set."
)


class Upload(NamedTuple):
    """A file on the shelf."""

    path: Path
    size: int
    used: float  # in seconds since 1970

    @property
    def owner(self) -> str:
        return self.path.parent.name


class Shelf:
    """The uploaded pictures of one folder, and which data sets a visitor may have read at all.

    On the page an upload is called `mine:<id>`, and only the browser that brought it may use it. To
    the library it is `file:<path>`. Another path is read only where the limits allow it: a recipe
    may come from a stranger's checkpoint.

    Those of earlier versions lie in no owner's folder, and whoever knows the name may use them.

    Attributes:
        in_use: the data sets of runs that have not ended, whose pictures stay.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder = folder
        self.limits = limits
        self.in_use: Callable[[], set[str]] = set

    def keep(self, archive: bytes, way: str, owner: str) -> str:
        """The name of the pictures in a zip file, from now on. Those longest unused make room.

        Arguments:
            owner: the token of the browser whose they are.

        Raises:
            UsageError: if they cannot be used, or the disk cannot be written to.
        """
        from vae_core.files import write_atomically

        content = decoding.packed_zip(archive, way)
        id = secrets.token_urlsafe(16)
        try:
            self._make_room(len(content))
            path = self._path(id, owner)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
        except OSError as error:
            raise UsageError(
                f"The pictures cannot be kept: {error.strerror}. Ask whoever runs this page to "
                "make room on its disk."
            ) from error
        return PREFIX + id

    def remove(self, dataset: object, owner: str) -> None:
        """Removes pictures that this browser brought.

        Raises:
            UsageError: if they are not there.
        """
        self.resolve(dataset if isinstance(dataset, str) else "", owner)
        try:
            self._path(str(dataset).removeprefix(PREFIX), owner).unlink()
        except OSError:
            raise UsageError(_GONE) from None

    def resolve(self, dataset: object, owner: object = None) -> str:
        """What the library calls a data set of the page.

        Arguments:
            owner: the token of the browser that asks; None if it gave none.

        Raises:
            UsageError: if there is none of this name, or a visitor may not have it read.
        """
        from vae_core.data.datasets import check_dataset
        from vae_core.data.folders import is_own, located

        if isinstance(dataset, str) and self._is_here(dataset):
            dataset = self.shown(dataset)
        if not isinstance(dataset, str) or not dataset.startswith(PREFIX):
            check_dataset(dataset)
            name = located(str(dataset))
            if is_own(name):
                self._check_folders()
            return name
        id = dataset.removeprefix(PREFIX)
        for path in self._paths(id if is_id(id) else "-", owner):
            with suppress(OSError):
                os.utime(path)  # those longest unused are removed first
                return f"file:{path}"
        raise UsageError(_GONE)

    def shown(self, dataset: str) -> str:
        """What the page calls a data set of the library."""
        return PREFIX + Path(dataset).stem if self._is_here(dataset) else dataset

    def load(self, dataset: str, split: str) -> "Pictures":
        """One split of what a run of this page trains on, as `vae_core.data.datasets.load`.

        Raises:
            UsageError: if it is a folder that may not be read here, or is gone.
        """
        from vae_core.data import datasets
        from vae_core.data.folders import is_own

        if is_own(dataset) and not self._is_here(dataset):
            self._check_folders()
        return datasets.load(dataset, split)

    def look(self, dataset: str, owner: object = None) -> "Gathered":
        """All pictures of a data set of the page that is a visitor's own.

        Raises:
            UsageError: as `resolve`, or if it is not one of those.
        """
        from vae_core.data.folders import is_own, read

        name = self.resolve(dataset, owner)
        if not is_own(name):
            raise UsageError(f"'{shown(dataset)}' is not made of pictures that somebody brought.")
        return read(name)

    def tidy(self) -> None:
        """Removes what nobody has used for too long."""
        if self.limits.days is None:
            return
        used = self.in_use()
        for each in self._uploads():
            if (
                time.time() - each.used > DAY * self.limits.days
                and f"file:{each.path}" not in used
            ):
                each.path.unlink(missing_ok=True)

    def _check_folders(self) -> None:
        if not self.limits.folders:
            raise UsageError(
                "Folders and files of the server cannot be read from this page. Bring your "
                "pictures as a zip file."
            )

    def _path(self, id: str, owner: str) -> Path:
        return self.folder / hashed(owner)[:32] / f"{id}.safetensors"

    def _paths(self, id: str, owner: object) -> Iterator[Path]:
        if isinstance(owner, str):
            with suppress(UsageError):
                yield self._path(id, owner)
        yield self.folder / f"{id}.safetensors"

    def _is_here(self, dataset: str) -> bool:
        path = Path(dataset.removeprefix("file:"))
        if (
            not dataset.startswith("file:")
            or path.suffix != ".safetensors"
            or not is_id(path.stem)
        ):
            return False
        if path.parent.parent == self.folder and _FOLDER.fullmatch(path.parent.name):
            return True
        return path.parent == self.folder

    def _uploads(self) -> list[Upload]:
        """All that lies here, what was longest unused first."""
        found = []
        for path in (*self.folder.glob("*.safetensors"), *self.folder.glob("*/*.safetensors")):
            with suppress(FileNotFoundError):
                facts = path.stat()
                found.append(Upload(path, facts.st_size, facts.st_mtime))
        return sorted(found, key=lambda each: each.used)

    def _make_room(self, size: int) -> None:
        """Removes what is longest unused of whoever has most, and nothing that trains.

        Raises:
            UsageError: if that does not make enough room.
        """
        self.tidy()
        if self.limits.pictures is None:
            return
        files, used = self._uploads(), self.in_use()
        most = self.limits.pictures * 1e6 - size
        while sum(each.size for each in files) > most:
            free = [each for each in files if f"file:{each.path}" not in used]
            if not free:
                raise UsageError(
                    "The disk space for pictures is used up, and all of them are in use. Try again "
                    "later, or send fewer."
                )
            weights = {each.owner: 0 for each in free}
            for each in files:
                if each.owner in weights:
                    weights[each.owner] += each.size
            heaviest = max(weights, key=lambda owner: weights[owner])
            chosen = next(each for each in free if each.owner == heaviest)
            chosen.path.unlink(missing_ok=True)
            files.remove(chosen)
