"""How each shipped model looks on the page: one name, one colour and one mark, everywhere.

The colours have a contrast of at least 3:1 on both themes, and stay apart for people who are
colour-blind. Models with a 2-D code share the hue of their larger sibling; the hollow mark and
the dotted line tell them apart. So does the conditional model, which is a Conv VAE too. No meaning rests on colour alone.
"""

from typing import NamedTuple

BLUE, SKY, OCHRE, GREEN = "#1a76bd", "#2a97c9", "#b17a00", "#0a9470"
VERMILION, PINK, VIOLET, STONE = "#d55e00", "#c2629b", "#8566d0", "#8a7665"

# Each mark as an SVG path in a box from -1 to 1. The names are Plotly's.
MARKS: dict[str, str] = {
    "circle": "M.8 0A.8 .8 0 1 1 -.8 0A.8 .8 0 1 1 .8 0Z",
    "square": "M-.72-.72H.72V.72H-.72Z",
    "diamond": "M0-1L1 0L0 1L-1 0Z",
    "triangle-up": "M0-.85L.95 .75H-.95Z",
    "triangle-down": "M0 .85L.95-.75H-.95Z",
    "pentagon": "M0-.95L.9-.29L.56 .77H-.56L-.9-.29Z",
    "hexagon": "M.45-.82L.92 0L.45 .82H-.45L-.92 0L-.45-.82Z",
    "cross": "M-.3-.9H.3V-.3H.9V.3H.3V.9H-.3V.3H-.9V-.3H-.3Z",
    "star": "M0-1L.26-.33L.95-.31L.41 .12L.59 .81L0 .42L-.59 .81L-.41 .12L-.95-.31L-.26-.33Z",
}


class Look(NamedTuple):
    """What a model is called and how it is drawn.

    Attributes:
        label: its name on the page.
        sentence: what it is, for a student.
        colour: of its lines and marks, in both themes.
        mark: a name from `MARKS`.
        hollow: whether the mark is an outline.
        dash: of its lines, in Plotly's words.
    """

    label: str
    sentence: str
    colour: str
    mark: str
    hollow: bool = False
    dash: str = "solid"


LOOKS: dict[str, Look] = {
    "vanilla-32": Look(
        "Vanilla",
        "The plainest autoencoder: one layer squeezes the pixels, one layer draws them again.",
        BLUE,
        "circle",
    ),
    "deep-32": Look(
        "Deep",
        "Several layers each way, so that it can learn bends that one layer cannot.",
        SKY,
        "hexagon",
        dash="dashdot",
    ),
    "conv-32": Look(
        "Convolutional",
        "Looks through small sliding windows, so it knows that neighbouring pixels belong "
        "together.",
        VERMILION,
        "square",
        dash="longdash",
    ),
    "vae-20": Look(
        "Variational",
        "A VAE. Its code is a cloud, not a point: each number comes with how sure the model is.",
        PINK,
        "triangle-up",
        dash="dashdot",
    ),
    "conv-vae-20": Look(
        "Conv VAE",
        "Sliding windows outside, a cloud for a code inside.",
        VIOLET,
        "triangle-down",
        dash="longdashdot",
    ),
    "cvae-8": Look(
        "Conditional",
        "A Conv VAE that can be told which digit it is; its code then holds the handwriting. Here nobody tells it.",
        VIOLET,
        "star",
        dash="dash",
    ),
    "vq-vae-49": Look(
        "Vector-quantised",
        "Its code is a grid of 7x7 cells, and each cell holds one of 36 pieces. So a digit takes 32 bytes.",
        OCHRE,
        "cross",
        dash="dot",
    ),
    "denoising-64": Look(
        "Denoising",
        "Saw spoiled digits in training and had to draw the clean ones.",
        GREEN,
        "diamond",
        dash="dash",
    ),
    "sparse-256": Look(
        "Sparse",
        "A wide code of which each digit may use only a few numbers; the others stay at zero.",
        OCHRE,
        "star",
        dash="longdashdot",
    ),
    "pca-32": Look(
        "PCA",
        "Principal components: adds up 32 fixed pictures in the best amounts. No learning of bends, so the one to beat.",
        STONE,
        "pentagon",
        dash="longdash",
    ),
    "plain-2": Look(
        "Plain 2-D",
        "The plainest vanilla model with two numbers: one hidden layer each way.",
        BLUE,
        "square",
        True,
    ),
    "vanilla-2": Look(
        "Vanilla 2-D",
        "A vanilla model with room for two numbers only, and three hidden layers each way to make the best of them.",
        BLUE,
        "circle",
        True,
        "dot",
    ),
    "vae-2": Look(
        "Variational 2-D",
        "The variational model with two numbers, so that its whole code fits on a map.",
        PINK,
        "triangle-up",
        True,
        "dot",
    ),
    "conv-vae-2": Look(
        "Conv VAE 2-D",
        "Sliding windows, and two numbers to remember a digit by.",
        VIOLET,
        "triangle-down",
        True,
        "dot",
    ),
}

# Of the models that visitors train: the colour says the kind, as everywhere, the mark which one it is.
MARKS_OF_RUNS = ("square", "diamond", "pentagon", "triangle-up", "star", "hexagon")

DEFAULT_CARDS = ("vanilla-32", "conv-32", "vae-20", "denoising-64")


def look_of(name: str) -> Look:
    """The look of a model; one that nobody has given a look gets its name and a plain mark."""
    return LOOKS.get(name, Look(name, "A model of your own.", STONE, "circle", True, "dot"))


def kind_look(model: str) -> Look:
    """The look of a kind of model, such as "vae": that of the shipped one of its kind."""
    shipped = (look for name, look in LOOKS.items() if name.rpartition("-")[0] == model)
    return next(shipped, look_of(model))


def run_look(label: str, model: str, number: int) -> Look:
    """The look of a model that a visitor trained, of a kind such as "vae": the colour of its kind."""
    mark = MARKS_OF_RUNS[number % len(MARKS_OF_RUNS)]
    sentence = "A model that was trained in this page."
    return Look(label, sentence, kind_look(model).colour, mark, True, "dot")
