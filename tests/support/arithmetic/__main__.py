"""Writes the fixtures anew."""

from . import FOLDER, fixtures, path_of, text_of

FOLDER.mkdir(exist_ok=True)
for name, made in fixtures().items():
    path_of(name).write_text(text_of(made()))
