"""The colours of the ten classes, the same wherever a class has one."""

# One colour a class, 0 to 9, kept apart for all kinds of colour vision. Accessible Color Sequences
# for Data Visualization (Petroff, 2021), https://arxiv.org/abs/2107.02270, but for 3 and 8, which are
# greys there: a green and a magenta that are no nearer to any other for any kind of colour vision
# than the other eight are to each other.
CLASS_COLOURS = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#1e692d",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#ff3cf0",
    "#92dadd",
)

# The same in words, for those who cannot tell them apart or do not see them.
CLASS_COLOUR_WORDS = (
    "blue",
    "amber",
    "red",
    "green",
    "violet",
    "brown",
    "orange",
    "sand",
    "magenta",
    "turquoise",
)
