from collections import Counter

import numpy as np
import pytest

from vae_core.data.strokes import PEN, draw, example_digits


def test_every_class_is_drawn_by_two_hands_at_least() -> None:
    examples = example_digits()
    count = Counter(example.label for example in examples)
    assert sorted(count) == list(range(10)) and min(count.values()) >= 2
    assert [example.label for example in examples] == sorted(count.elements())
    names = [example.name for example in examples]
    assert len(set(names)) == len(names)
    assert all(name.startswith(str(label)) for label, name, _ in examples)


def test_examples_are_plain_data_inside_the_canvas() -> None:
    for _, name, strokes in example_digits():
        assert strokes, name
        for stroke in strokes:
            assert 5 <= len(stroke) <= 60, name
            for x, y in stroke:
                assert type(x) is float and type(y) is float
                assert PEN / 2 < x < 1 - PEN / 2 and PEN / 2 < y < 1 - PEN / 2, name


def test_examples_are_the_same_at_every_call() -> None:
    assert example_digits() == example_digits()


def test_examples_are_drawn_in_steps_that_look_smooth() -> None:
    for _, name, strokes in example_digits():
        for stroke in strokes:
            steps = np.linalg.norm(np.diff(np.array(stroke), axis=0), axis=1)
            assert 0.01 < steps.min() and steps.max() < 0.07, name


def test_a_stroke_covers_the_area_of_its_shape() -> None:
    picture = draw([[(0.3, 0.4), (0.7, 0.7)]], size=200, pen=0.1) / 255
    assert picture.shape == (200, 200)
    length, radius = 0.5 * 200, 0.05 * 200
    assert picture.sum() == pytest.approx(2 * radius * length + np.pi * radius**2, rel=0.005)
    centre = np.average(np.mgrid[:200, :200].reshape(2, -1) + 0.5, axis=1, weights=picture.ravel())
    assert centre == pytest.approx([0.55 * 200, 0.5 * 200], abs=0.05)


def test_a_point_is_a_dot() -> None:
    picture = draw([[(0.5, 0.5)]], size=100, pen=0.2) / 255
    assert picture.sum() == pytest.approx(np.pi * 10**2, rel=0.005)


def test_edges_are_smooth_and_crossings_no_brighter() -> None:
    cross = draw([[(0.2, 0.3), (0.8, 0.7)], [(0.2, 0.8), (0.8, 0.2)]])
    assert cross.dtype == np.uint8 and cross.max() == 255
    assert len(np.unique(cross)) > 8


def test_size_and_pen_scale_a_drawing() -> None:
    strokes = example_digits()[7].strokes
    large, small = draw(strokes, 280) / 255, draw(strokes, 140) / 255
    assert np.abs(large.reshape(140, 2, 140, 2).mean(axis=(1, 3)) - small).mean() < 0.002
    assert draw(strokes, pen=2 * PEN).sum() > 1.5 * draw(strokes).sum()


def test_ink_off_the_canvas_is_cut_off() -> None:
    assert draw([[(-0.5, 0.5), (1.5, 0.5)]], size=50, pen=0.2).any(axis=0).all()
    assert not draw([[(-2.0, -2.0), (-1.0, -1.0)]], size=50).any()
    assert not draw([], size=50).any() and not draw([[]], size=50).any()
