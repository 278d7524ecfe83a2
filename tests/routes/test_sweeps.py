"""The route of sweeps: the curve of rate against distortion, also while it grows."""

from pathlib import Path

import pytest

from playground.runs.limits import HOSTED, OPEN
from playground.store.key import KEY
from playground.styles import LOOKS
from tests.routes.test_routes import refused
from tests.routes.test_train import Page, paged
from tests.support.training import OTHER, recipe
from vae_core.files import holding
from vae_core.models import specify
from vae_core.training.recipe import Recipe
from vae_core.training.run_directory import RunDir

# By beta: the state of the run, and its rate and distortion after each epoch.
ENDS: dict[float, tuple[str, list[tuple[float, float]]]] = {
    0.5: ("done", [(1.0, 200.0), (30.0, 90.0)]),
    1.0: ("done", [(20.0, 95.0)]),
    2.0: ("done", [(21.0, 99.0)]),  # worse in both than the one before
    4.0: ("running", [(5.0, 130.0)]),
    8.0: ("running", []),
    16.0: ("done", [(float("nan"), float("nan"))]),
}


def leave(folder: Path, name: str = "beta") -> None:
    """A sweep as its trainers would have left it by now, over the values of `ENDS`."""
    for beta, (state, epochs) in ENDS.items():
        run = RunDir(folder / name / f"beta={beta}")
        run.begin(recipe(beta=beta))
        run.write_status(state)
        for number, (rate, distortion) in enumerate(epochs, start=1):
            run.append("epoch", epoch=number, held_out_rate=rate, held_out_distortion=distortion)


@pytest.fixture
def swept(tmp_path: Path) -> Page:
    leave(tmp_path)
    return paged(tmp_path, OPEN)


def test_a_sweep_is_a_point_for_each_run_that_has_learnt(swept: Page, tmp_path: Path) -> None:
    told = swept.told("train-sweeps")
    assert told["sweeps"] == ["beta"] and told["sweep"]["name"] == "beta"
    points = told["sweep"]["points"]
    assert [point["settings"] for point in points] == [
        {"beta": beta} for beta in (4.0, 1.0, 2.0, 0.5)
    ]
    assert [(point["rate"], point["distortion"]) for point in points] == [
        (5.0, 130.0), (20.0, 95.0), (21.0, 99.0), (30.0, 90.0)
    ]  # fmt: skip
    assert [point["best"] for point in points] == [False, True, False, True]
    assert points[0]["state"] == "interrupted" and points[1]["state"] == "done"
    assert told["sweep"]["models"]["vae"]["colour"] == LOOKS["vae-20"].colour
    assert (told["sweep"]["runs"], told["sweep"]["done"]) == (6, 4)
    assert "vae_core sweep" in told["command"]
    refused(swept.ask("train-sweeps", name="gamma"))
    refused(swept.ask("train-sweeps", name=["beta"]))


def test_a_sweep_that_goes_on_is_told_anew(swept: Page, tmp_path: Path) -> None:
    assert not swept.told("train-sweeps")["sweep"]["going"]
    with holding(tmp_path / "beta" / "lock"):
        assert swept.told("train-sweeps")["sweep"]["going"]
    RunDir(tmp_path / "beta" / "beta=4.0").append(
        "epoch", epoch=2, held_out_rate=6.0, held_out_distortion=110.0
    )
    first = swept.told("train-sweeps")["sweep"]["points"][0]
    assert (first["rate"], first["distortion"], first["epoch"]) == (6.0, 110.0, 2)


def test_a_run_of_a_sweep_is_among_those_of_who_opened_it(swept: Page, tmp_path: Path) -> None:
    id = "beta/beta=0.5"
    assert swept.told("train-runs")["runs"] == []
    (run,) = swept.told("train-runs", opened=[id, "beta/gone", "../beta/beta=1.0"])["runs"]
    assert (run["id"], run["name"], run["state"]) == (id, id, "done")
    assert swept.state(id) == "done"
    assert swept.told("about-runs", opened=[id])["models"] == []  # no checkpoint was left
    assert "command line" in refused(swept.ask("train-wish", id=id, wish="delete"))
    keyed = swept.ask("train-wish", id=id, wish="delete", owner=KEY)
    assert "belongs to a sweep" in refused(keyed)
    assert (tmp_path / id / "recipe.json").exists()
    for opened in (7, [7], {"a": 1}):
        refused(swept.ask("train-runs", opened=opened))


def test_strangers_see_no_sweeps(tmp_path: Path) -> None:
    leave(tmp_path)
    hosted = paged(tmp_path, HOSTED)
    told = hosted.told("train-sweeps")
    assert told["sweeps"] == [] and told["command"] is None
    refused(hosted.ask("train-sweeps", name="beta"))
    assert hosted.told("train-runs", opened=["beta/beta=1.0"])["runs"] == []
    refused(hosted.ask("train-watch", id="beta/beta=1.0", owner=OTHER))


def test_what_varied_is_found_in_the_recipes(tmp_path: Path) -> None:
    for name, model in (("a", "vae"), ("b", "sparse")):
        RunDir(tmp_path / "models" / name).begin(Recipe(specify(model), "digits"))
    for name in "ab":
        RunDir(tmp_path / "models" / name).append(
            "epoch", epoch=1, held_out_rate=1.0, held_out_distortion=2.0
        )
    sweep = paged(tmp_path, OPEN).told("train-sweeps")["sweep"]
    by_model = {point["model"]: point["settings"] for point in sweep["points"]}
    assert by_model["vae"]["model"] == "vae" and "sparsity" not in by_model["vae"]
    assert by_model["sparse"]["sparsity"] > 0 and "epochs" not in by_model["sparse"]
    assert set(sweep["models"]) == {"vae", "sparse"}
