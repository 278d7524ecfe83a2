"""The page's own components: a folder each, where one name has a .js, a .css and a .html."""

import json
from pathlib import Path
from typing import Any

import gradio as gr

from .assets import needs, url

HERE = Path(__file__).parent


def component(path: str, id: str = "", **props: Any) -> gr.HTML:
    """The component whose markup is `<path>.html` and whose script is `<path>.js`.

    The script exports `mount(element, { props, signal })`, the props being those given here; `signal` is
    aborted when the component leaves the page.
    Its id on the page is the last part of the path, unless it is there several times.
    """
    return gr.HTML(
        html_template=(HERE / f"{path}.html").read_text(encoding="utf-8"),
        js_on_load=_loader(path),
        apply_default_css=False,
        elem_id=id or path.rsplit("/")[-1],
        **props,
    )


def _loader(path: str) -> str:
    return f"""
        import(new URL('{url("page/loader.js")}', document.baseURI))
            .then(({{ load }}) => load(element, {json.dumps(needs(path))}, {{ props }}));
    """
