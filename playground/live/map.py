"""What the Map tab asks for while a point is dragged: codes, pictures, sheets."""

from . import codes, latents, sheet
from .answer import Answer

ANSWERS: tuple[Answer, ...] = (*codes.ANSWERS, *sheet.ANSWERS, *latents.ANSWERS)
