"""What was worked out of a model is kept, as long as the model is the same."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Protocol, TypeVar, cast

Reply = TypeVar("Reply", bound=Callable[..., Any])


class Versions(Protocol):
    """Whatever knows which weights a model has: the store."""

    def version(self, name: str) -> int:
        """A number that changes when the weights of the model called `name` do."""
        ...


def remembered(kept: int) -> Callable[[Reply], Reply]:
    """As `lru_cache`, for what takes a store, the name of a model in it, and then anything.

    A model that is still being trained changes under its name, so its version counts as well.
    """

    def decorate(work: Reply) -> Reply:
        @lru_cache(kept)
        def known(store: Versions, name: str, version: int, *rest: Any) -> Any:
            return work(store, name, *rest)

        @wraps(work)
        def reply(store: Versions, name: str, *rest: Any) -> Any:
            return known(store, name, store.version(name), *rest)

        return cast(Reply, reply)

    return decorate
