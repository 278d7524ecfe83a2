"""A digit in colour, and found in front of a background, as the two models of other tasks have it."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from starlette.testclient import TestClient

from playground.inference.tasks import coloured, segmented
from playground.store.models import Store
from tests.support.facts import fact
from tests.support.samples import INK
from vae_core.data.drawings.digit import to_digit
from vae_core.data.palette import CLASS_COLOURS
from vae_core.data.strokes import draw, example_digits
from vae_core.types import to_floats

DIGIT = to_digit(INK)
EXAMPLES = [(each.label, to_digit(draw(each.strokes))) for each in example_digits()]


def test_the_fact_has_the_colour_of_each_class_and_what_was_measured(client: TestClient) -> None:
    told = fact(client, "tasks").json()
    assert [each["colour"] for each in told["classes"]] == [*CLASS_COLOURS]
    assert len({each["words"] for each in told["classes"]}) == 10
    assert 0.5 < told["measured"]["nearest_is_right"] <= 1 and told["measured"]["clutter"]


def test_most_example_digits_get_the_colour_of_their_class(store: Store) -> None:
    right = sum(coloured(digit, store).nearest == int(label) for label, digit in EXAMPLES)
    assert right >= 0.75 * len(EXAMPLES)


def test_between_a_four_and_a_nine_there_is_a_mixture_of_their_colours(store: Store) -> None:
    model, by_label = store.get("vae-20").model, dict(reversed(EXAMPLES))
    four, nine = (
        model.encode(to_floats(torch.from_numpy(by_label[label])[None, None])) for label in (4, 9)
    )
    shares = []
    for step in range(15):
        between = model.decode(four + (nine - four) * step / 14)[0, 0]
        found = coloured((between.numpy() * 255).astype(np.uint8), store)
        said = dict(zip(found.classes.tolist(), found.shares.tolist(), strict=True))
        assert set(said) & {4, 9}
        shares.append(said.get(4, 0))
    assert shares[0] > 0.9 and shares[-1] < 0.1
    assert any(0.2 < share < 0.8 for share in shares)


def test_the_shares_are_of_three_classes_and_the_colour_is_that_of_the_pixels(
    store: Store,
) -> None:
    found = coloured(DIGIT, store)
    assert len(set(found.classes.tolist())) == 3 and found.shares.sum() == pytest.approx(1)
    assert found.shares.min() >= 0
    grey, painted = DIGIT.astype(float) / 255, found.picture.astype(float) / 255
    fitted = (painted * grey[..., None]).sum((0, 1)) / (grey**2).sum()
    assert np.abs(fitted * 255 - found.colour).max() < 2


def test_the_numbers_of_a_segmentation_are_those_of_its_pictures(store: Store) -> None:
    found = segmented(DIGIT, 0.7, 3, store)
    assert np.array_equal(found.truth > 0, DIGIT > 127)
    assert np.array_equal(found.mask > 0, found.certainty > 127)

    def iou(mask: NDArray[np.uint8]) -> float:
        both, either = (mask > 0) & (found.truth > 0), (mask > 0) | (found.truth > 0)
        return both.sum() / either.sum()

    assert found.iou == pytest.approx(iou(found.mask), abs=1e-6)
    best = max(iou((found.seen >= level).astype(np.uint8)) for level in range(256))
    assert found.level_iou == pytest.approx(iou(found.by_threshold), abs=1e-6)
    assert found.level_iou == pytest.approx(best, abs=0.01)


def test_without_clutter_a_threshold_is_perfect_and_the_picture_is_the_digit(store: Store) -> None:
    found = segmented(DIGIT, 0, 3, store)
    assert np.array_equal(found.seen, DIGIT)
    assert found.level_iou == 1 and found.iou > 0.5


def test_another_seed_is_another_background(store: Store) -> None:
    one, other, again = (segmented(DIGIT, 0.7, seed, store) for seed in (3, 4, 3))
    assert not np.array_equal(one.seen, other.seen)
    assert np.array_equal(one.seen, again.seen)


def test_in_strong_clutter_the_model_beats_the_best_threshold(store: Store) -> None:
    found = [segmented(digit, 1, 3, store) for _, digit in EXAMPLES]
    assert np.mean([each.iou for each in found]) > np.mean([each.level_iou for each in found])
