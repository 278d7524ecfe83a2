"""What the page is made of: the models, the kinds of noise, the chapters, the code, the examples."""

from pathlib import Path
from typing import Any

from vae_core.data.palette import CLASS_COLOURS
from vae_core.errors import check_name

from ..store.models import Store
from ..text import chapters, parts, read, sections, source, tour
from ..text.markdown import to_html
from ..wire.packing import pack
from .fact import Fact, Subjects

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def about(store: Store) -> dict[str, Any]:
    """What the page needs to know before anything else: models in order, noises, classes."""
    from ..inference import facts

    return {
        "models": facts.models(store),
        "noises": facts.noises(),
        "classes": list(CLASS_COLOURS),
    }


def lesson(_: Store) -> dict[str, Any]:
    """The chapters of the Learn tab, the glossary and the references."""
    return chapters.to_plain()


def terms(_: Store) -> dict[str, Any]:
    """What each number and picture means, and each word of the glossary as `word:` and itself."""
    words = {f"word:{word}": meaning for word, meaning in sections("glossary").items()}
    return {**sections("terms"), **words}


def ways(_: Store) -> dict[str, Any]:
    """The `stops` of the guided tour, and the `steps` of presenter mode."""
    return {
        "stops": [stop._asdict() for stop in tour.tour()],
        "steps": [step._asdict() for step in tour.steps()],
    }


def maths(_: Store) -> dict[str, Any]:
    """The formulas behind the figures, by name."""
    return chapters.maths()


def app(_: Store) -> dict[str, Any]:
    """What only the app can do: its `texts` as HTML by subject, and the `experiments` of its Train tab."""
    from ..runs.presets import PRESETS

    texts = {subject: to_html(words) for subject, words in parts(read("app")).items()}
    experiments = [{"key": one.key, "name": one.name, "sentence": one.sentence} for one in PRESETS]
    return {"texts": texts, "experiments": experiments}


def code(_: Store, name: str) -> dict[str, Any]:
    """The source of the function or class of vae_core called so: where it stands, its lines as HTML.

    Raises:
        UsageError: if there is none.
    """
    return source.listing(name)._asdict()


def notebook(_: Store, name: str) -> bytes:
    """The notebook called so, as it is kept in files.

    Raises:
        UsageError: if there is none.
    """
    known = {path.stem: path for path in NOTEBOOKS.glob("*.ipynb")}
    check_name("notebook", name, known)
    return known[name].read_bytes()


def examples(_: Store) -> bytes:
    """The class of each example digit, and their pictures as the models see them, 28x28 bytes each."""
    from ..inference.examples import examples

    found = examples()
    about = {"side": found.pictures.shape[1], "labels": found.labels}
    return pack(about, found.pictures.tobytes())


def others(_: Store) -> bytes:
    """Drawings that are no digits: the name of each, and their pictures, 28x28 bytes each."""
    from ..inference.non_digits import SIDE, others

    found = others()
    return pack({"side": SIDE, "names": found.names}, found.pictures.tobytes())


def _names(store: Store) -> Subjects:
    """The code behind the tabs, the chapters and the models."""
    from ..inference import facts

    listed = [
        *(chapters.code_of(place) for place in chapters.places()),
        *(chapter.code for chapter in chapters.chapters()),
        *(model.get("source", []) for model in facts.models(store)),
    ]
    return [(name,) for name in sorted({each["name"] for part in listed for each in part})]


def _notebooks(_: Store) -> Subjects:
    return [(path.stem,) for path in NOTEBOOKS.glob("*.ipynb")]


FACTS: tuple[Fact, ...] = (
    Fact("about", about),
    Fact("lesson", lesson),
    Fact("terms", terms),
    Fact("tour", ways),
    Fact("maths", maths),
    Fact("app", app),
    Fact("code", code, about=1, subjects=_names),
    Fact("notebook", notebook, about=1, subjects=_notebooks),
    Fact("examples", examples),
    Fact("others", others),
)
