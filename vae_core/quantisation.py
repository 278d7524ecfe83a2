"""Codes in one byte a number: 256 even steps between the smallest and the largest there is."""

from typing import NamedTuple

import torch
from torch import Tensor

from .types import Codes

STEPS = 255  # between the lowest byte and the highest


class Span(NamedTuple):
    """Between which values each number of a code lies: [z] each."""

    low: Tensor
    high: Tensor


def span_of(codes: Codes) -> Span:
    """The smallest and the largest value of each number of the codes."""
    low, high = codes.aminmax(dim=0)
    return Span(low, high)


def to_bytes(codes: Codes, span: Span) -> Tensor:
    """Each number as the nearest of its 256 steps, [b, z] of uint8; beyond the span, the end of it.

    A number that never changes is all 0.
    """
    width = span.high - span.low
    share = torch.where(width > 0, (codes - span.low) / width, 0)
    return (share.clamp(0, 1) * STEPS).round().to(torch.uint8)


def from_bytes(steps: Tensor, span: Span) -> Codes:
    """The numbers that `to_bytes` stood them for, no further off than half a step."""
    return span.low + (span.high - span.low) * (steps.float() / STEPS)
