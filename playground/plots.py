"""NumPy-like arrays in, Plotly figures out. No torch and no Gradio in here."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil, isfinite

import plotly.graph_objects as go

from .styles import Look, look_of

GREY = "#80868d"  # legible on both themes; `page.css` sharpens the words

NOISY = "noisy picture, the line to beat"


def psnr_plot(
    strengths: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    kind: str,
    strength: float,
    look: Callable[[str], Look] = look_of,
) -> go.Figure:
    """PSNR against the strength of the noise: one line a model, and the line to beat.

    Arguments:
        curves: PSNR in dB at each strength, by model; "" is the noisy picture itself.
        kind: what the noise is called.
        strength: where the page's strength is now.
        look: how a model is drawn.
    """
    figure = go.Figure()
    for name, values in curves.items():
        decibels = [value if isfinite(value) else None for value in values]
        figure.add_scatter(
            x=list(strengths), y=decibels, mode="lines+markers", **_style(name, look)
        )
    figure.add_vline(x=strength, line={"color": GREY, "width": 1})
    return figure.update_layout(
        template="none",
        height=300 + 20 * ceil(len(curves) / 4),  # what the legend needs
        margin={"l": 56, "r": 8, "t": 8, "b": 48},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, sans-serif", "size": 13, "color": GREY},
        hovermode="x unified",
        dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": f"{kind}: strength, 0 to 1", "range": [-0.02, 1.02], **_axis()},
        yaxis={"title": "PSNR, dB", **_axis()},
    )


def _axis() -> dict[str, object]:
    return {
        "gridcolor": "rgba(128,134,141,0.2)",
        "linecolor": GREY,
        "showline": True,
        "ticks": "outside",
        "tickcolor": GREY,
        "zeroline": False,
        "title_font_size": 13,
        "title_standoff": 8,
        "fixedrange": True,  # a page that scrolls by touch must not zoom the plot instead
    }


def _style(name: str, look: Callable[[str], Look]) -> dict[str, object]:
    if not name:
        line = {"color": GREY, "dash": "dot", "width": 2}
        marker = {
            "symbol": "x-thin",
            "color": GREY,
            "size": 6,
            "line": {"width": 1.5, "color": GREY},
        }
        return {"name": NOISY, "line": line, "marker": marker}
    label, _, colour, mark, hollow, dash = look(name)
    return {
        "name": label,
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {"symbol": f"{mark}-open" if hollow else mark, "color": colour, "size": 7},
        "hovertemplate": "%{y:.1f} dB",
    }
