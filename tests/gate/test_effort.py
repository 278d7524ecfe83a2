"""What a request costs is estimated before anybody works on it, and has a limit for strangers."""

from dataclasses import replace
from math import prod
from pathlib import Path

import numpy as np
import pytest
from torch import Tensor

from playground.gate import effort
from playground.gate.effort import MOST, PICTURES, check_effort, operations
from playground.inference.latent import latents
from playground.runs.jobs import Jobs
from playground.runs.limits import HOSTED, OPEN, Limits
from playground.store.models import Store
from tests.support.training import ME, recipe
from vae_core.errors import UsageError
from vae_core.models import MODELS, Autoencoder, build, specify
from vae_core.models.layers import layers
from vae_core.training import checkpoints


def by_layers(model: Autoencoder) -> int:
    """The same by the model's layers as plain data, where each says what it takes and puts out."""
    state, count = model.state_dict(), 0
    for program in (layers(model)["encode"], layers(model)["decode"]):
        shapes = [program["input"], *(each["shape"] for each in program["operations"])]
        for each in program["operations"]:
            if "weight" in each:
                spreads = each["kind"] == "conv_transpose"
                shape = shapes[each["of"][0]] if spreads else each["shape"]
                count += state[each["weight"]].numel() * prod(shape[1:])
    return count


@pytest.mark.parametrize("name", MODELS)
def test_the_estimate_is_what_the_layers_multiply(name: str) -> None:
    model = build(
        specify(name, **{"latent_dim": 4} if "latent_dim" in specify(name).options else {})
    )
    if name == "pca" or model.codes or "original0" in "".join(model.state_dict()):
        assert (
            operations(model) > 0
        )  # of layers that are made of others, or cannot be written down
    else:
        # A model may encode by the way what it does not need, such as variances.
        assert 0.9 <= operations(model) / by_layers(model) <= 1


def test_the_dearest_model_that_may_be_trained_here_may_be_used_here() -> None:
    for name in ("conv", "conv-vae"):
        model = build(specify(name, latent_dim=32, width=32, depth=6))
        assert HOSTED.parameters
        assert 0.9 < sum(map(Tensor.numel, model.parameters())) / HOSTED.parameters < 1
        assert operations(model) * PICTURES <= MOST


@pytest.mark.parametrize("limits", [HOSTED, OPEN])
def test_on_a_page_for_strangers_a_dear_model_is_refused_before_it_is_run(
    limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(jobs=Jobs(tmp_path, replace(limits, everyones=False)))
    made = recipe()
    model = build(made.model)
    id = store.jobs.adopt(ME, "", checkpoints.packed("mine", model, made, {}))
    codes = np.zeros((5, 2), np.float32)
    name = f"run:{id}"
    monkeypatch.setattr(effort, "MOST", operations(model) * PICTURES)
    assert len(latents.decode(store, name, codes)) == 5
    monkeypatch.setattr(effort, "PICTURES", 4)  # it may be used, but not for so many at once
    monkeypatch.setattr(effort, "MOST", operations(model) * 4)
    if limits is OPEN:  # nobody else waits
        assert len(latents.decode(store, name, codes)) == 5
        return
    with pytest.raises(UsageError, match="fewer pictures"):
        latents.decode(store, name, codes)
    monkeypatch.setattr(effort, "MOST", operations(model) * 4 - 1)
    with pytest.raises(UsageError, match="lower width"):
        store.get(name)


def test_models_that_are_asked_together_are_counted_together(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = [store.get("vae-2"), store.get("vanilla-2")]
    whole = sum(operations(each.model) for each in two)
    monkeypatch.setattr(effort, "MOST", whole * 3)
    check_effort(two, 3)
    with pytest.raises(UsageError):
        check_effort(two, 4)
    check_effort(two[:1], 4)
