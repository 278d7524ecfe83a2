"""Limits that a process sets itself before it works for a stranger, where the system has them."""

import sys
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import resource

FIRST = 800  # of 1000: what the kernel ends first when the memory is full


def goes_first() -> None:
    """Lets the kernel end this process before those of the page, if the memory is full."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(FIRST))


def limit_memory(size: int) -> None:
    """Lets this process take so many bytes beside what it has mapped by now; more is a MemoryError."""
    if sys.platform == "win32":
        return
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + size
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def limit_seconds(seconds: int) -> None:
    """Ends this process once it has computed so many seconds from now."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds
    with suppress(OSError, ValueError):
        resource.setrlimit(
            resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1])
        )


def no_core() -> None:
    """Leaves no copy of the memory on disk when this process is ended: drawings may be in it."""
    if sys.platform != "win32":
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
