"""A run on a handful of pictures: what it was trained on is mapped, and no default asks for more."""

from pathlib import Path

import pytest
import torch

from playground.api import atlas
from playground.facts.atlas import atlas as map_of
from playground.runs.jobs import Jobs
from playground.runs.limits import OPEN
from playground.store.models import Store
from playground.wire.packing import unpack
from tests.conftest import play
from tests.support.pictures import files, laid
from tests.support.training import ME
from vae_core.errors import UsageError
from vae_core.latent.tsne_steps import TsneSettings, perplexity_for, tsne
from vae_core.models import build, specify
from vae_core.training import checkpoints
from vae_core.training.recipe import Recipe

QUICK = {"iterations": 50, "early_iterations": 0}


def run_on(dataset: str, folder: Path, latent_dim: int = 3) -> tuple[Store, str]:
    """A page with one run, whose model has learnt from these pictures."""
    spec = specify("vae", latent_dim=latent_dim, width=4, depth=0)
    content = checkpoints.packed("x.safetensors", build(spec), Recipe(spec, dataset), {"epoch": 1})
    store = Store(jobs=Jobs(folder / "runs", OPEN))
    return store, f"run:{store.jobs.adopt(ME, 'few', content)}"


@pytest.mark.parametrize(("count", "mapped"), [(12, 12), (30, 30), (59, 59), (60, 10)])
@pytest.mark.parametrize("latent_dim", [2, 3])
def test_all_of_a_handful_of_pictures_are_mapped_and_of_more_those_held_out(
    count: int, mapped: int, latent_dim: int, tmp_path: Path
) -> None:
    place = laid(tmp_path / "few", files(count))
    store, model = run_on(f"folder:{place}", tmp_path, latent_dim)
    about, _ = unpack(map_of(store, model, "first"))
    assert about["count"] == mapped and about["every"] == (mapped == count)
    near = atlas.nearest(store, "3 round", model)
    assert len(near["labels"]) == 5
    found = play(atlas.embed(store, model, **QUICK))
    assert len(found["points"]) == mapped


def test_what_is_large_enough_is_mapped_by_its_test_images_alone(tmp_path: Path) -> None:
    store, model = run_on("digits", tmp_path)
    about, _ = unpack(map_of(store, model, "first"))
    assert about["count"] == 300 and not about["every"]
    assert len(atlas.nearest(store, "3 round", model)["labels"]) == 5
    with pytest.raises(UsageError, match="points must be a whole number from 5 to 300; got 301"):
        atlas.nearest(store, "3 round", model, among=301)
    with pytest.raises(UsageError, match="points must be a whole number from 10 to 300; got 301"):
        play(atlas.embed(store, model, 301, **QUICK))


@pytest.mark.parametrize("count", [10, 30, 91, 300])
def test_the_usual_perplexity_fits_and_the_advice_does_too(count: int) -> None:
    table = torch.randn(count, 3, generator=torch.Generator().manual_seed(0))
    asked = perplexity_for(count)
    next(tsne(table, TsneSettings(perplexity=asked, iterations=0, early_iterations=0)))
    if count > 90:
        assert asked == 30
    with pytest.raises(UsageError, match=rf"Lower the perplexity below {count / 3:.3g}, or"):
        tsne(table, TsneSettings(perplexity=100))


def test_too_few_points_for_any_perplexity_are_said_to_be() -> None:
    with pytest.raises(UsageError, match="the number of points must be a number from 7"):
        tsne(torch.zeros(6, 3), TsneSettings(perplexity=2))
