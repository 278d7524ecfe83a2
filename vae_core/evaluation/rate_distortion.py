"""The rate and the distortion of several runs, as a table and as a plot."""

from typing import Any, NamedTuple
from xml.sax.saxutils import escape


class Point(NamedTuple):
    """One run of a sweep that is done: what was varied, and what it came to on held-out images."""

    settings: dict[str, Any]
    rate: float  # nats per image
    distortion: float  # nats per image
    folder: str


def in_markdown(points: list[Point]) -> str:
    """The points as a table, nats per image on held-out images."""
    names = list(points[0].settings)
    head = [*names, "rate", "distortion", "-ELBO"]
    rows = [
        [
            *(str(value) for value in point.settings.values()),
            *(f"{n:.2f}" for n in (point.rate, point.distortion, point.rate + point.distortion)),
        ]
        for point in points
    ]
    lines = [head, ["---:"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def frontier(points: list[Point]) -> list[Point]:
    """Those that no other one beats in both, the lowest rate first."""
    best: list[Point] = []
    for point in sorted(points, key=lambda each: (each.rate, each.distortion)):
        if not best or point.distortion < best[-1].distortion:
            best.append(point)
    return best


WIDTH, HEIGHT, LEFT, BELOW = 640, 420, 64, 48  # px of the plot, and of its margins


def in_svg(points: list[Point]) -> str:
    """Distortion against rate, both in nats, each point with its settings; a line joins the best."""
    across = _axis([point.rate for point in points], LEFT, WIDTH - 24)
    up = _axis([point.distortion for point in points], HEIGHT - BELOW, 24)
    style = "font: 12px system-ui, sans-serif; background: white"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" style="{style}">',
        f'<path d="M{LEFT} 24V{HEIGHT - BELOW}H{WIDTH - 24}" fill="none" stroke="#59616b"/>',
        _words(WIDTH / 2, HEIGHT - 10, "rate, nats per image", "middle"),
        _words(LEFT, 16, "distortion, nats per image", "start"),
    ]
    for value, x in across.ticks:
        parts.append(_words(x, HEIGHT - BELOW + 18, f"{value:g}", "middle"))
    for value, y in up.ticks:
        parts.append(_words(LEFT - 8, y + 4, f"{value:g}", "end"))
    positions = [(across.position(point.rate), up.position(point.distortion)) for point in points]
    best = (
        (across.position(each.rate), up.position(each.distortion)) for each in frontier(points)
    )
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in best)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#b9bfc6"/>')
    for point, (x, y) in zip(points, positions, strict=True):
        settings = ", ".join(f"{key} {value}" for key, value in point.settings.items())
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1d5fb4"/>')
        parts.append(_words(x + 8, y - 6, settings, "end" if x > WIDTH * 0.7 else "start"))
    return "\n".join([*parts, "</svg>", ""])


class Axis(NamedTuple):
    """One side of the plot: the place of each value along it, in px."""

    low: float
    high: float
    start: float
    end: float

    def position(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def ticks(self) -> list[tuple[float, float]]:
        values = [self.low + step / 4 * (self.high - self.low) for step in range(5)]
        return [(float(f"{value:.3g}"), self.position(float(f"{value:.3g}"))) for value in values]


def _axis(values: list[float], start: float, end: float) -> Axis:
    low, high = min(values), max(values)
    margin = 0.1 * (high - low) or 1.0
    return Axis(low - margin, high + margin, start, end)


def _words(x: float, y: float, words: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#191c20">'
        f"{escape(words)}</text>"
    )
