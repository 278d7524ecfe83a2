"""The lines of `vae_core` that do what the page shows, read from the source itself."""

import inspect
import re
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, NamedTuple

from vae_core.errors import UsageError, shown

if TYPE_CHECKING:
    from vae_core.training.checkpoints import Checkpoint

ROOT = Path(__file__).parent.parent.parent
USE_MODEL = Path(__file__).parent / "use_model.py"  # loads the weights of a run, and uses them
NAME = re.compile(r"vae_core(\.\w{1,64}){1,4}", re.ASCII)


class Listing(NamedTuple):
    """A piece of the source.

    Attributes:
        name: of the function or class, with its module.
        file: where it stands, below the repository.
        line: the number of its first line.
        html: its lines, coloured by Pygments.
    """

    name: str
    file: str
    line: int
    html: str


@cache
def listing(name: str) -> Listing:
    """The source of a function, method or class of `vae_core`.

    Raises:
        UsageError: if there is none of that name.
    """
    lost = UsageError(
        f"There is no code called '{shown(name)}'. It should be a function or class of vae_core, "
        "such as vae_core.cost.bernoulli_distortion."
    )
    if not NAME.fullmatch(name):
        raise lost
    try:
        found = inspect.unwrap(resolve_name(name))
        lines, first = inspect.getsourcelines(found)
        path = Path(inspect.getsourcefile(found) or "")
    except (ImportError, AttributeError, TypeError, OSError):
        raise lost from None
    if not path.is_relative_to(ROOT / "vae_core"):
        raise lost  # something that vae_core only imports
    return Listing(name, path.relative_to(ROOT).as_posix(), first, _coloured(lines))


def behind(checkpoint: "Checkpoint") -> list[dict[str, str]]:
    """The names of what makes a model's reconstruction and its loss, each with what it does."""
    from vae_core.models import PCA
    from vae_core.models.distributions import LIKELIHOODS, DiagonalGaussian

    model = checkpoint.model
    kind = type(model)
    parts: list[tuple[Any, str]] = [
        (kind, "The model: its encoder, its code and its decoder."),
        (kind.reconstruct, "From a picture to the picture that comes back."),
        (kind.sample_latents, "The code as training sees it, and what it costs."),
    ]
    if model.has_posterior:
        parts += [
            (DiagonalGaussian, "The cloud: a draw from it, and the rate in nats."),
        ]
    if isinstance(model, PCA):
        parts += [(kind.fit_before_training, "All the training there is: the components.")]
    else:
        likelihood = LIKELIHOODS[checkpoint.recipe.config.likelihood]
        parts += [(likelihood, "The distortion that it was trained on.")]
    parts += [(kind.cost, "Both costs of a picture, for training.")]
    return [
        {"name": f"{part.__module__}.{part.__qualname__}", "note": note} for part, note in parts
    ]


def _coloured(lines: list[str]) -> str:
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers.python import PythonLexer

    indent = len(lines[0]) - len(lines[0].lstrip())
    code = "".join(line.removeprefix(" " * indent) for line in lines)
    return highlight(code, PythonLexer(), HtmlFormatter(nowrap=True))
