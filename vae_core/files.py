"""A file that one process holds as long as it lives: a kill lets go of it, and no id is reused."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from .errors import UsageError

PATIENCE = 1.0  # seconds: who only looks whether a file is held holds it for a moment


@contextmanager
def holding(path: Path) -> Iterator[bool]:
    """Holds the file while the block runs; gives False if another process holds it.

    Raises:
        UsageError: if there cannot be such a file.
    """
    try:
        file = open(path, "a+b")  # noqa: SIM115 - closed below
    except OSError as error:
        raise UsageError(f"{path.parent} cannot be written to: {error.strerror}.") from error
    with file:
        held = _take(file.fileno(), PATIENCE)
        if held:
            file.truncate(0)
            file.write(str(os.getpid()).encode())
            file.flush()
        yield held


def holder(path: Path) -> int | None:
    """The id of the process that holds the file; None if there is none."""
    try:
        with open(path, "r+b") as file:
            if _take(file.fileno(), 0):
                return None
            return int(file.read() or 0) or None
    except (OSError, ValueError):
        return None


if sys.platform == "win32":
    import msvcrt

    BEYOND = 64  # the byte that is locked: Windows lets nobody read one that is

    def _try(number: int) -> bool:
        os.lseek(number, BEYOND, os.SEEK_SET)
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(number, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _try(number: int) -> bool:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _take(number: int, patience: float) -> bool:
    """Whether the open file could be taken; closing it gives it back."""
    until = time.monotonic() + patience
    while not (taken := _try(number)) and time.monotonic() < until:
        time.sleep(0.05)
    return taken


def write_atomically(path: Path, content: bytes) -> None:
    """Replaces a file in one step: a reader sees the old content or the new, never a part."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            with suppress(FileNotFoundError):  # it may have its new name already
                os.unlink(file.name)
            raise


def is_full(error: OSError) -> bool:
    """Whether a file could not be written because there is no room for it."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
