"""Requests: what is refused is told in a sentence that says what would work."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from playground.store.models import Store
from playground.wire.request import AtlasNames, ModelNames, Noise, Request, Seed, read
from vae_core.errors import UsageError


class Plane(Request):
    """Words for whoever reads this."""

    kind: Literal["whole", "axes"]


class Example(Request):
    """A request with a field of every kind."""

    models: ModelNames = Field(default=[])
    noise: Noise | None = None
    sample: Seed | None = None
    judged: bool = False
    plane: Plane | None = None
    atlases: AtlasNames = Field(default=["vae-2"])
    codes: list[list[Annotated[float, Field(ge=-1e6, le=1e6)]]] = Field(default=[])
    name: Annotated[str, Field(min_length=1, max_length=5)] = "it"
    pair: Annotated[list[int], Field(min_length=2, max_length=2)] = Field(default=[1, 2])
    some: Annotated[list[int], Field(min_length=1)] = Field(default=[1])
    bare: list[float] = Field(default=[], description="a list of numbers, one for each layer")


QUIET = {"kind": "gaussian", "strength": 0.5, "seed": 1}


def refusal(data: Any, store: Store) -> str:
    with pytest.raises(UsageError) as caught:
        read(Example, data, store)
    return str(caught.value)


def test_a_request_comes_back_as_it_was_meant(store: Store) -> None:
    asked = read(Example, {"models": ["vae-2", "conv-32"], "noise": QUIET, "sample": 3}, store)
    assert (asked.models, asked.sample) == (["vae-2", "conv-32"], 3)
    assert asked.noise and asked.noise.plain()._asdict() == QUIET
    whole = read(Example, {"noise": {**QUIET, "strength": 1}}, store)
    assert whole.noise and whole.noise.strength == 1  # JSON's 1 is a number like any other


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sample": -1}, "sample must be a whole number from 0 to 2147483647 or null; got -1."),
        ({"sample": 1.0}, "sample must be a whole number from 0 to 2147483647 or null; got 1.0."),
        ({"judged": 1}, "judged must be true or false; got 1."),
        ({"noise": 3}, "noise must be an object with kind, strength and seed or null; got 3."),
        ({"plane": []}, "plane must be an object with kind or null; got []."),
        ({"plane": {}}, "plane.kind is missing. It must be one of whole, axes."),
        ({"codes": [[0, 2e9]]}, "codes[0][1] must be a number from -1000000 to 1000000; got 20"),
        ({"models": ["vae-2"] * 65}, "models must be a list of up to 64 names of models; got 65."),
        ({"models": "vae-2"}, "models must be a list of up to 64 names of models; got vae-2."),
        ({"models": ["vae-2", "vae-2"]}, "Each name may stand in a list once; got 'vae-2' twice."),
        ({"models": ["conv-vea-2"]}, "No model is called 'conv-vea-2'. Did you mean 'conv-vae-2'"),
        ({"models": [{}]}, "No model is called '{}'."),
        ({"atlases": []}, "atlases must be a list of 1 to 2 values; got 0."),
        ({"atlases": ["pixel"]}, "No atlas is called 'pixel'. Did you mean 'pixels'?"),
        ({"pair": [1]}, "pair must be a list of 2 values; got 1."),
        ({"some": []}, "some must be a list of 1 or more values; got 0."),
        ({"name": ""}, "name must be text of 1 to 5 characters; got 0."),
        ({"name": "\ud800"}, "name must be text of 1 to 5 characters; got ?."),
        ({"bare": ["x"]}, "bare[0] must be a number; got x."),
        ({"bare": None}, "bare must be a list of numbers, one for each layer; got None."),
        ({"plan": {}}, "No field is called 'plan'. Did you mean 'plane'? Known fields: models,"),
        ({"plane": {"kind": "axis"}}, "No kind is called 'axis'. Did you mean 'axes'?"),
        ({"plane": {"kind": "axes", "x": 1}}, "No field is called 'x'. Known fields: kind."),
    ],
)
def test_a_refusal_says_what_is_wrong_what_was_found_and_what_works(
    changes: dict[str, Any], sentence: str, store: Store
) -> None:
    assert refusal(changes, store).startswith(sentence)


@pytest.mark.parametrize("strength", [float("nan"), float("inf"), 10**400, -0.1, 2, True, "1"])
def test_numbers_are_finite_and_in_their_range(strength: Any, store: Store) -> None:
    told = refusal({"noise": {**QUIET, "strength": strength}}, store)
    assert told.startswith("noise.strength must be a number from 0 to 1; got ")
    assert len(told) < 120


def test_an_unknown_noise_is_told_the_nearest(store: Store) -> None:
    told = refusal({"noise": {**QUIET, "kind": "gausian"}}, store)
    assert told.startswith("No corruption is called 'gausian'. Did you mean 'gaussian'?")
    assert refusal({"noise": {"kind": "blur", "seed": 1}}, store) == (
        "noise.strength is missing. It must be a number from 0 to 1."
    )


@pytest.mark.parametrize("data", [None, 3, [], "x", {"\ud800": 1}])
def test_what_is_no_request_is_refused_in_words(data: Any, store: Store) -> None:
    told = refusal(data, store)
    assert told.endswith(".") and "an object with models, noise" in told
    assert "Doc" not in told and "A request with" not in told


def test_a_request_cannot_be_changed(store: Store) -> None:
    asked = read(Example, {}, store)
    with pytest.raises(ValueError, match="frozen"):
        asked.judged = True
