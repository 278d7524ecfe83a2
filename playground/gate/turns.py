"""Work in threads, in turns: one piece of each visitor, then the next of each."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Lock
from typing import Any, TypeVar

Found = TypeVar("Found")


class Turns:
    """Threads, and who waits for them. A long line of one visitor keeps no other waiting."""

    def __init__(self, threads: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._free = threads
        self._lock = Lock()
        # In the order of their turns: who has had one goes to the end.
        self._waiting: dict[str, deque[Callable[[], None]]] = {}

    def take(self, visitor: str, work: Callable[..., Found], *arguments: Any) -> "Future[Found]":
        """What `work` will return. Until its turn comes it can be cancelled."""
        future: Future[Found] = Future()
        known = copy_context()  # of who asks
        task = partial(_settle, future, partial(known.run, work, *arguments))
        with self._lock:
            self._waiting.setdefault(visitor, deque()).append(task)
            self._begin()
        return future

    def _begin(self) -> None:
        """Hands out turns while there are threads. Whoever calls has the lock."""
        while self._free and self._waiting:
            visitor = next(iter(self._waiting))
            line = self._waiting.pop(visitor)
            task = line.popleft()
            if line:
                self._waiting[visitor] = line
            self._free -= 1
            self._pool.submit(self._run, task)

    def _run(self, task: Callable[[], None]) -> None:
        try:
            task()
        finally:
            with self._lock:
                self._free += 1
                self._begin()


def _settle(future: "Future[Any]", work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return  # whoever asked has left
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
        future.set_exception(error)
