"""Sweeps: every combination once, a table that adds up, and nothing trained twice."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.support.forked import Forked
from vae_core.__main__ import main
from vae_core.errors import UsageError
from vae_core.evaluation.rate_distortion import Point, frontier, in_markdown, in_svg
from vae_core.experiments import sweep
from vae_core.experiments.sweep import grid
from vae_core.files import holding
from vae_core.training.run_directory import RunDir

WORDS = ["sweep", "vae", "--data", "digits", "--width", "8", "--depth", "0", "--epochs", "1"]
POINTS = [
    Point({"beta": 4.0}, 3.0, 120.0, "beta=4.0"),
    Point({"beta": 1.0}, 12.5, 101.25, "beta=1.0"),
    Point({"beta": 0.1}, 40.0, 95.0, "beta=0.1"),
]


def test_a_grid_has_every_combination_once() -> None:
    combinations = grid({"beta": [0.1, 1.0], "latent_dim": [2, 5, 20]})
    assert len(combinations) == 6
    assert combinations[0] == {"beta": 0.1, "latent_dim": 2}
    assert combinations[-1] == {"beta": 1.0, "latent_dim": 20}
    assert grid({}) == [{}]
    with pytest.raises(UsageError, match="from 1 to 1000; got 2500"):
        grid({"seed": list(range(50)), "epochs": list(range(50))})


def quick_start(run: RunDir, start: Callable = sweep._start) -> Any:
    """As `start`, but in a process that has torch already if it is not the first."""
    if run.path.name == "beta=0.5" or run.status()["state"] == "done":
        return start(run)
    return Forked(["train", "--run-dir", str(run.path)], run.path / "log.txt")


def test_a_sweep_trains_what_is_missing_and_explains_what_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*WORDS, "--beta", "0.5", "4", "--folder", str(tmp_path)]
    monkeypatch.setattr(sweep, "_start", quick_start)
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "beta=0.5: rate" in said and "beta=4.0: rate" in said
    before = (tmp_path / "beta=4.0" / "metrics.jsonl").read_bytes()

    more = [*words[:-2], "8", *words[-2:], "--processes", "1"]  # one more value
    damaged = tmp_path / "beta=8.0" / "state.safetensors"
    damaged.parent.mkdir()
    damaged.write_bytes(b"nonsense")
    assert main(more) == 2
    assert "did not finish: " in capsys.readouterr().err
    assert (tmp_path / "table.md").read_text().count("\n") == 4  # the other two are kept

    damaged.unlink()
    assert main(more) == 0
    assert (tmp_path / "beta=4.0" / "metrics.jsonl").read_bytes() == before
    table = json.loads((tmp_path / "table.json").read_text())
    assert sorted(point["settings"]["beta"] for point in table) == [0.5, 4.0, 8.0]
    for point in table:
        last = RunDir(tmp_path / point["folder"]).metrics()[-1]
        assert (point["rate"], point["distortion"]) == (
            last["held_out_rate"],
            last["held_out_distortion"],
        )


def test_a_wrong_setting_is_refused_before_anything_is_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WORDS, "--beta", "1", "-2", "--folder", str(tmp_path / "sweep")]) == 2
    assert "beta must be a number from 0" in capsys.readouterr().err
    assert not (tmp_path / "sweep").exists()


def test_two_sweeps_do_not_share_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with holding(tmp_path / "lock"):
        assert main([*WORDS, "--beta", "1", "2", "--folder", str(tmp_path)]) == 2
    assert "Another process sweeps in" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_no_run_beats_one_of_the_frontier() -> None:
    beaten = Point({"beta": 2.0}, 12.5, 110.0, "beta=2.0")
    assert frontier([beaten, *POINTS]) == POINTS
    assert frontier([POINTS[0], POINTS[0]]) == POINTS[:1]


def test_the_table_has_a_row_a_run_and_the_bound() -> None:
    lines = in_markdown(POINTS).splitlines()
    assert lines[0] == "| beta | rate | distortion | -ELBO |"
    assert lines[3] == "| 1.0 | 12.50 | 101.25 | 113.75 |"


def test_the_plot_puts_more_rate_to_the_right_and_more_distortion_higher() -> None:
    picture = ElementTree.fromstring(in_svg(POINTS))
    circles = [
        (float(circle.attrib["cx"]), float(circle.attrib["cy"]))
        for circle in picture.iter("{http://www.w3.org/2000/svg}circle")
    ]
    assert circles == sorted(circles)  # right with the rate, and down with the distortion
    assert re.search("beta 0.1", in_svg(POINTS))
    ElementTree.fromstring(in_svg(POINTS[:1]))  # one point has no spread
