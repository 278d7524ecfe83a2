"""The steps of presenter mode: a lesson as a list of links, from `text/steps.md`."""

from typing import NamedTuple

from . import text


class Step(NamedTuple):
    """One step: what it is called, and the page as it shall then stand.

    Attributes:
        title: a few words.
        fragment: what a link to that page has after its "#".
    """

    title: str
    fragment: str


def steps() -> list[Step]:
    """The steps in order. A whole link serves as well as its fragment."""
    return [
        Step(title, body.split("#")[-1].replace(" ", ""))
        for title, body in text.sections("steps").items()
    ]
