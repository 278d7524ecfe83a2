"""What the page computes by itself is what the library computes: see `tests/js`."""

import json

import pytest

from tests.support.arithmetic import difference, fixtures, path_of, text_of

NAMES = list(fixtures())


@pytest.mark.parametrize("name", NAMES)
def test_the_fixtures_are_what_the_library_says(name: str) -> None:
    now = json.loads(text_of(fixtures()[name]()))
    then = json.loads(path_of(name).read_text())
    assert not difference(now, then), (
        "Run `python -m tests.support.arithmetic`, then the JS tests."
    )


def test_a_difference_is_found() -> None:
    one = {"a": [{"bytes": "AAEC"}, 1.0, True]}
    assert not difference(one, {"a": [{"bytes": "AAEC"}, 1.0000001, True]})
    assert difference(one, {"a": [{"bytes": "AAEF"}, 1.0, True]}) == "/a/0"
    assert difference(one, {"a": [{"bytes": "AAEC"}, 1.1, True]}) == "/a/1"
    assert difference(one, {"a": [{"bytes": "AAEC"}, 1.0, False]}) == "/a/2"
