"""Replies about a model that are kept until its weights change."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from .shared import Store

Reply = TypeVar("Reply", bound=Callable[..., Any])


def remembered(kept: int) -> Callable[[Reply], Reply]:
    """As `lru_cache`, for what takes a store, the name of a model in it, and then anything.

    A model that is still being trained changes under its name, so its version counts as well.
    """

    def decorate(work: Reply) -> Reply:
        @lru_cache(kept)
        def known(store: "Store", name: str, version: int, *rest: Any) -> Any:
            return work(store, name, *rest)

        @wraps(work)
        def reply(store: "Store", name: str, *rest: Any) -> Any:
            return known(store, name, store.version(name), *rest)

        return cast(Reply, reply)

    return decorate
