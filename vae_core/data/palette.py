"""The colours of the ten classes, the same wherever a class has one."""

# One colour a class, 0 to 9, kept apart for all kinds of colour vision. Accessible Color Sequences
# for Data Visualization (Petroff, 2021), https://arxiv.org/abs/2107.02270
CLASS_COLOURS = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)

# The same in words, for those who cannot tell them apart or do not see them.
CLASS_COLOUR_WORDS = (
    "blue",
    "amber",
    "red",
    "light grey",
    "violet",
    "brown",
    "orange",
    "sand",
    "slate",
    "turquoise",
)
