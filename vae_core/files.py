"""Files that are written all at once, that one process holds as long as it lives, or that are none.

A kill lets go of what is held, and no id is reused.
"""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from filelock import lock_descriptor

from .errors import UsageError

PATIENCE = 1.0  # seconds: who only looks whether a file is held holds it for a moment
LOOK = 0.05  # seconds between two tries
POINTER = b"version https://git-lfs.github.com/spec/"  # that Git LFS leaves in place of a file


@contextmanager
def holding(path: Path) -> Iterator[bool]:
    """Holds the file while the block runs; gives False if another process holds it.

    Raises:
        UsageError: if there cannot be such a file, or its disk knows no locks.
    """
    try:
        file = open(path, "a+b")  # noqa: SIM115 - closed below
    except OSError as error:
        raise UsageError(f"{path.parent} cannot be written to: {error.strerror}.") from error
    with file:
        try:
            held = _take(file.fileno())
        except OSError as error:
            raise UsageError(f"{path} cannot be locked: {error.strerror}.") from error
        if held:
            file.truncate(0)
            file.write(b" %d" % os.getpid())
            file.flush()
        yield held


def hold(path: Path) -> IO[bytes] | None:
    """The file, held until it is closed or this process ends; None if somebody else holds it.

    Raises:
        OSError: if there cannot be such a file, or its disk knows no locks.
    """
    file = open(path, "a+b")  # noqa: SIM115 - closed by who holds it
    try:
        held = lock_descriptor(file.fileno(), blocking=False)
    except OSError:
        file.close()
        raise
    if not held:
        file.close()
        return None
    return file


def holder(path: Path) -> int | None:
    """The id of the process that holds the file; None if there is none."""
    try:
        with open(path, "r+b") as file:
            if lock_descriptor(file.fileno(), blocking=False):
                return None
            # The first byte is the one that is locked, and Windows lets nobody read it.
            file.seek(1 if sys.platform == "win32" else 0)
            return int(file.read() or 0) or None
    except (OSError, ValueError):
        return None


def _take(number: int) -> bool:
    """True if the open file could be taken; closing it gives it back."""
    until = time.monotonic() + PATIENCE
    while not (taken := lock_descriptor(number, blocking=False)) and time.monotonic() < until:
        time.sleep(LOOK)
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


def write_output(path: Path, content: bytes) -> None:
    """Writes what somebody asked for: all of it or nothing.

    Raises:
        UsageError: if it cannot be written.
    """
    try:
        write_atomically(path, content)
    except OSError as error:
        raise UsageError(
            f"{path} could not be written: {error.strerror}. Choose another folder with --out."
        ) from error


def check_fetched(path: Path) -> None:
    """Refuses what Git leaves in place of a large file that it did not fetch.

    Raises:
        UsageError: if that is what the file holds. One that cannot be read is another matter.
    """
    try:
        with open(path, "rb") as file:
            found = file.read(len(POINTER))
    except OSError:
        return
    if found == POINTER:
        raise UsageError(
            f"{path.name} is only a pointer of Git LFS: the file that it stands for was not fetched. "
            "`git lfs install` and then `git lfs pull`, in the project's folder, fetch it."
        )


def is_full(error: OSError) -> bool:
    """True if a file could not be written because there is no room for it."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
