"""What a live route is: a name, the work behind it, and how much it will read."""

from collections.abc import AsyncGenerator, Callable
from typing import Any, NamedTuple

from ..store.models import Store


class Answer(NamedTuple):
    """One live route, at `live/<name>`.

    Attributes:
        work: body and models in; out comes a message in bytes, or what JSON can hold, or parts of
            a reply that goes on. It raises UsageError for a request that cannot be answered.
        limit: the most bytes that a body may have; 0 makes it a GET.
        slow: whether it may take a good part of a second. What is quick does not wait for it.
    """

    name: str
    work: Callable[[bytes, Store], bytes | dict[str, Any] | AsyncGenerator[bytes, None]]
    limit: int = 0
    slow: bool = False
