"""The page's own components: a folder each, where one name has a .js, a .css and a .html."""

from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent


class Component(NamedTuple):
    """One place on the page, before anything is drawn there.

    Attributes:
        path: its markup is `<path>.html`, and its script `<path>.js`.
        id: of its element on the page.
        props: plain data that its script gets.
    """

    path: str
    id: str
    props: dict[str, Any]

    @property
    def markup(self) -> str:
        return (HERE / f"{self.path}.html").read_text(encoding="utf-8")


def component(path: str, id: str = "", **props: Any) -> Component:
    """The component whose markup is `<path>.html` and whose script is `<path>.js`.

    The script exports `mount(element, { props, signal })`, the props being those given here; `signal` is
    aborted when the component leaves the page.
    Its id on the page is the last part of the path, unless it is there several times.
    """
    return Component(path, id or path.rsplit("/")[-1], props)
