"""A process that reads one file after the other: python -m playground.decoding.worker 10 1500."""

import os
import sys
import traceback

from vae_core.errors import UsageError

from ..gate.limited import goes_first, limit_memory, limit_seconds, no_core
from .wire import DONE, FAILED, REFUSED, receive, send
from .works import work_of


def main(seconds: int, megabytes: int) -> None:
    """Works until the page is gone, so many seconds and megabytes for each file."""
    goes_first()
    no_core()
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    while asked := receive(questions, 2):
        name, file = asked
        try:
            work = work_of(name.decode())
            limit_memory(megabytes * 10**6)
            limit_seconds(seconds)
            state, content = DONE, work(file)
        except UsageError as error:
            state, content = REFUSED, str(error).encode(errors="replace")
        except MemoryError:
            return
        except Exception:  # noqa: BLE001 - the page notes it
            state, content = FAILED, traceback.format_exc().encode(errors="replace")
        send(answers, bytes([state]), content)
        del asked, file, content


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
