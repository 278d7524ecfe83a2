"""Ways through the page as lists of links: the steps of presenter mode, and the guided tour."""

import re
from typing import NamedTuple

from .. import text

STEP = re.compile(r"`(?P<link>[^`]+)`\s+(?P<question>.+)", re.DOTALL)


class Step(NamedTuple):
    """One step: what it is called, and the page as it shall then stand.

    Attributes:
        title: a few words.
        fragment: what a link to that page has after its "#".
        question: what to ask the class there.
    """

    title: str
    fragment: str
    question: str


def steps() -> list[Step]:
    """The steps in order, from `text/steps.md`. A whole link serves as well as its fragment.

    Raises:
        ValueError: if one of them is not written as the others are.
    """
    found: list[Step] = []
    for title, body in text.sections("steps").items():
        step = STEP.fullmatch(body)
        if not step:
            raise ValueError(f"'{title}' in steps.md must be '`a=link`' and a question.")
        link = step["link"].split("#")[-1].replace(" ", "")
        found.append(Step(title, link, step["question"]))
    return found


class Stop(NamedTuple):
    """One stop of the tour.

    Attributes:
        title: a few words.
        fragment: what a link to the page as it shall then stand has after its "#".
        target: the part of the page that is pointed at, as a CSS selector.
        words: what is said.
    """

    title: str
    fragment: str
    target: str
    words: str


STOP = re.compile(r"`(?P<fragment>[^`]+)` at `(?P<target>[^`]+)`\s+(?P<words>.+)", re.DOTALL)


def tour() -> list[Stop]:
    """The stops in order, from `text/tour.md`.

    Raises:
        ValueError: if one of them is not written as the others are.
    """
    stops: list[Stop] = []
    for title, body in text.sections("tour").items():
        found = STOP.fullmatch(body)
        if not found:
            raise ValueError(f"'{title}' in tour.md must begin with '`a=link` at `.a-selector`'.")
        stops.append(Stop(title, found["fragment"], found["target"], found["words"]))
    return stops
