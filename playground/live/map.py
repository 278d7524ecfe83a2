"""What the Map tab asks for."""

from .answer import Answer

ANSWERS: tuple[Answer, ...] = ()
