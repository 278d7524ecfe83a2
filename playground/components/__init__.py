"""The page's own components: a folder each, where one name has a .js, a .css and a .html."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from .assets import needs, url

HERE = Path(__file__).parent


def component(path: str, events: Sequence[str] = (), id: str = "", **props: Any) -> gr.HTML:
    """The component whose markup is `<path>.html` and whose script is `<path>.js`.

    The script exports `mount(element, gradio)`, where `gradio` has the props given here,
    `send(event, data)` for the events named here, whose data are attributes of the `gr.EventData` in Python,
    and `signal`, which is aborted when the component leaves the page.
    Its id on the page is the last part of the path, unless it is there several times.
    """
    return gr.HTML(
        html_template=(HERE / f"{path}.html").read_text(encoding="utf-8"),
        js_on_load=_loader(path, events),
        apply_default_css=False,
        elem_id=id or path.rsplit("/")[-1],
        **props,
    )


def _loader(path: str, events: Sequence[str]) -> str:
    # Gradio allows an event to be listened to if its name stands quoted in here.
    allowed = ", ".join(f"'{event}'" for event in events)
    return f"""
        const send = (event, data) => [{allowed}].includes(event) && trigger(event, data);
        import(new URL('{url("page/loader.js")}', document.baseURI))
            .then(({{ load }}) => load(element, {json.dumps(needs(path))}, {{ props, send }}));
    """
