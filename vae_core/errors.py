"""The one exception of this package, and the questions that raise it most."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

LONGEST = 40  # characters of what was found that a sentence repeats


class UsageError(ValueError):
    """Something the caller can put right. The message is shown to people as it is.

    It says what is wrong, what was found, and what would work.
    """


def shown(found: object, longest: int = LONGEST) -> str:
    """What was found, short enough for a sentence and fit to be printed anywhere."""
    try:
        words = str(found)
    except (RecursionError, ValueError):  # nested too deeply, or a number of very many digits
        words = f"a {type(found).__name__}"
    printable = "".join(each if each.isprintable() else "?" for each in words[: longest + 1])
    return printable if len(printable) <= longest else f"{printable[:longest]}…"


@contextmanager
def needs(package: str, purpose: str) -> Iterator[None]:
    """A place to import a package that only some of the library needs, so others go without it.

    Raises:
        UsageError: "t-SNE needs openTSNE, which is not installed: `pip install openTSNE`."
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise UsageError(
            f"{purpose} needs {package}, which is not installed: `pip install {package}`."
        ) from error


def check_name(kind: str, name: object, known: Iterable[str]) -> None:
    """Refuses a name that is not known, with the nearest one.

    Raises:
        UsageError: "No model is called 'conv-vea'. Did you mean 'conv-vae'? Known models: …"
    """
    names = list(known)
    if name in names:
        return
    near = get_close_matches(shown(name), names, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    raise UsageError(
        f"No {kind} is called '{shown(name)}'.{hint} Known {kind}s: {', '.join(names)}."
    )


def check_range(name: str, value: Any, low: float, high: float, whole: bool = False) -> None:
    """Refuses a value that is not a number from `low` to `high`, both allowed.

    Raises:
        UsageError: "latent_dim must be a whole number from 1 to 512; got 0."
    """
    number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not number or not low <= value <= high:  # NaN is in no range
        kind = "whole number" if whole else "number"
        raise UsageError(f"{name} must be a {kind} from {low:g} to {high:g}; got {shown(value)}.")
