"""What was worked out of models and is kept in memory: so many bytes of it, and no more."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Any, NamedTuple, Protocol, TypeVar, cast

MOST = 384_000_000  # bytes of everything that is kept
SMALL = 200  # bytes that anything takes at least

Reply = TypeVar("Reply", bound=Callable[..., Any])


class Store(Protocol):
    """Whose models have versions."""

    def version(self, name: str) -> int: ...


class Key(NamedTuple):
    """What a reply is of: a model by its name, in one state of its weights."""

    work: Callable[..., Any]
    store: Store
    name: str
    version: int
    rest: Hashable


class Kept:
    """Replies by their keys; those longest unused go first when there are too many bytes.

    Arguments:
        most: bytes; a reply that alone has more is not kept.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.bytes = 0
        self._lock = Lock()
        self._replies: OrderedDict[Key, tuple[Any, int]] = OrderedDict()

    def find(self, key: Key, work: Callable[[], Any]) -> Any:
        """The reply of this key, worked out unless it is there."""
        with self._lock:
            if key in self._replies:
                self._replies.move_to_end(key)
                return self._replies[key][0]
        reply = work()
        self._keep(key, reply)
        return reply

    def forget(self, store: Store, name: str) -> None:
        """Lets go of all that is kept of a model."""
        with self._lock:
            for key in [key for key in self._replies if (key.store, key.name) == (store, name)]:
                self._drop(key)

    def _keep(self, key: Key, reply: Any) -> None:
        size = size_of(reply)
        with self._lock:
            if key.store.version(key.name) != key.version:
                return  # it was deleted, or has trained on, meanwhile
            # Of a run that trains, only the newest weights are asked for.
            for old in [old for old in self._replies if old._replace(version=key.version) == key]:
                self._drop(old)
            if size > self.most:
                return
            self._replies[key] = (reply, size)
            self.bytes += size
            while self.bytes > self.most:
                self._drop(next(iter(self._replies)))

    def _drop(self, key: Key) -> None:
        self.bytes -= self._replies.pop(key)[1]


KEPT = Kept()


def remembered(work: Reply) -> Reply:
    """As `lru_cache`, for what takes a store, the name of a model in it, and then anything.

    A model that is still being trained changes under its name, so its version counts as well.
    """

    @wraps(work)
    def reply(store: Store, name: str, *rest: Any) -> Any:
        key = Key(work, store, name, store.version(name), rest)
        return KEPT.find(key, lambda: work(store, name, *rest))

    return cast(Reply, reply)


def size_of(value: Any) -> int:
    """About how many bytes a reply takes: its arrays, its tensors, its texts."""
    if hasattr(value, "nbytes"):  # an array, or a tensor
        return SMALL + value.nbytes
    if hasattr(value, "state_dict"):
        return SMALL + sum(map(size_of, value.state_dict().values()))
    if isinstance(value, str | bytes):
        return SMALL + len(value)
    if isinstance(value, dict):
        return SMALL + sum(size_of(each) for pair in value.items() for each in pair)
    if isinstance(value, list | tuple | set):
        return SMALL + sum(map(size_of, value))
    return SMALL + sum(map(size_of, getattr(value, "__dict__", {}).values()))
