"""What a fact is: a name, and the function that makes it."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ..store.models import Store

Subjects = Iterable[tuple[str, ...]]


def itself(_: Store) -> Subjects:
    """What a fact is about that nothing stands below."""
    return [()]


def models(store: Store) -> Subjects:
    """The shipped models. A fact refuses those that it cannot be told of."""
    return [(name,) for name in store.names]


class Fact(NamedTuple):
    """One kind of fact, at `facts/<version>/<name>`, and below that what it is about.

    Attributes:
        make: a store, and what stands in the address below the name; out comes a message in
            bytes, or what JSON can hold. It raises UsageError where there is no such fact.
        about: how many names stand in the address below its own: 1 for what is told of a model.
        slow: whether it may take a good part of a second. Then it takes a seat at the gate.
        subjects: all that it can be about among what is shipped, for a static site.
    """

    name: str
    make: Callable[..., bytes | dict[str, Any]]
    about: int = 0
    slow: bool = False
    subjects: Callable[[Store], Subjects] = itself
