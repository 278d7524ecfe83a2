"""What a fact is: a name, and the function that makes it."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Fact(NamedTuple):
    """One kind of fact, at `facts/<version>/<name>`, and below that what it is about.

    Attributes:
        make: a store, and what stands in the address below the name; out comes a message in
            bytes, or what JSON can hold. It raises UsageError where there is no such fact.
        about: how many names stand in the address below its own: 1 for what is told of a model.
        slow: whether it may take a good part of a second. Then it takes a seat at the gate.
    """

    name: str
    make: Callable[..., bytes | dict[str, Any]]
    about: int = 0
    slow: bool = False
