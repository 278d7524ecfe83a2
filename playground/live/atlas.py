"""What the Atlas tab asks for."""

from .answer import Answer

ANSWERS: tuple[Answer, ...] = ()
