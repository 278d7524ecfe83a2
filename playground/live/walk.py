"""What the Walk tab asks for."""

from .answer import Answer

ANSWERS: tuple[Answer, ...] = ()
