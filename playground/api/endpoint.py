"""What makes an endpoint of a function: models for it, a seat at the gate, errors in words."""

import inspect
import math
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import gradio as gr

from vae_core.errors import UsageError

from ..gate.seats import GATE
from ..store.models import Store
from ..wire.packing import ENDLESS

Work = Callable[..., Any]  # the store first, then the typed arguments of a request


def answering(work: Work, store: Store) -> Callable[..., Awaitable[Any]]:
    """The function that Gradio publishes: `work` without its first argument, which is `store`.

    It raises gr.Error, in the words of the UsageError, for a request that cannot be answered.
    """
    answers_alone = inspect.iscoroutinefunction(work)

    @wraps(work)
    async def answer(*arguments: Any) -> Any:
        with _explained(), GATE.seats():
            if answers_alone:
                return _finite(await work(store, *arguments))
            return _finite(await GATE.run(work, store, *arguments))

    whole = inspect.signature(work)
    alone = list(whole.parameters.values())[1:]
    answer.__signature__ = whole.replace(parameters=alone)  # type: ignore[attr-defined]
    hints = work.__annotations__.items()
    answer.__annotations__ = {name: hint for name, hint in hints if name != "store"}
    return answer


@contextmanager
def _explained() -> Iterator[None]:
    """Shows a UsageError to the visitor in its own words; a bug stays a bug."""
    try:
        yield
    except UsageError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _finite(answer: Any) -> Any:
    """The answer again; a UsageError if a number in it is infinite or none, which JSON cannot say.

    Weights that a stranger made up can bring that about.
    """
    rest = [answer]
    while rest:
        each = rest.pop()
        if isinstance(each, dict | list | tuple):
            rest += each.values() if isinstance(each, dict) else each
        elif isinstance(each, float) and not math.isfinite(each):
            raise UsageError(ENDLESS)
    return answer
