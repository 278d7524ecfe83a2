"""The one exception of this package, and the questions that raise it most."""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

LONGEST = 40  # characters of what was found that a sentence repeats
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # the text after them runs the other way


class UsageError(ValueError):
    """Something the caller can put right. The message is shown to people as it is.

    It says what is wrong, what was found, and what would work.
    """


def shown(found: object, longest: int = LONGEST) -> str:
    """The words for what was found, short enough for a sentence and fit to be printed anywhere."""
    try:
        words = str(found)
    except (RecursionError, ValueError):  # nested too deeply, or a number of very many digits
        words = f"a {type(found).__name__}"
    fit = printable(words[: longest + 1])
    return fit if len(fit) <= longest else f"{fit[:longest]}…"


def printable(words: str) -> str:
    """The same words without what no sentence should hold: controls, and what turns its direction.

    Wide and narrow spaces stay, and so do the joiners within an emoji or a word.
    """
    return "".join("?" if _is_control(each) else each for each in words)


def is_clean(words: str) -> bool:
    """True if there is no control character in it, nor half of one that is no text at all."""
    return not any(unicodedata.category(each) in ("Cc", "Cs") for each in words)


def _is_control(letter: str) -> bool:
    if letter in TURNING:
        return True
    return unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


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

    Example:
        >>> check_name("model", "vae", ["pca", "vae"])
        >>> check_name("model", "vea", ["pca", "vae"])
        Traceback (most recent call last):
        vae_core.errors.UsageError: No model is called 'vea'. Did you mean 'vae'? Known models: pca, vae.
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

    Example:
        >>> check_range("beta", 4.0, 0, 1000)
        >>> check_range("latent_dim", 0, 1, 512, whole=True)
        Traceback (most recent call last):
        vae_core.errors.UsageError: latent_dim must be a whole number from 1 to 512; got 0.
    """
    number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not number or not low <= value <= high:  # NaN is in no range
        kind = "whole number" if whole else "number"
        raise UsageError(f"{name} must be a {kind} from {low:g} to {high:g}; got {shown(value)}.")
