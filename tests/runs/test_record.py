"""The one record of a run: shared by several pages, and made of what earlier versions left."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from playground.runs import process
from playground.runs.disk import earlier
from playground.runs.disk.record import FILE, NOBODYS, Record, Records, hashed
from playground.runs.jobs import Jobs
from playground.runs.limits import OPEN
from playground.runs.trainers import supervisor
from tests.support.training import ME, OTHER, QUIET, Pretended, recipe
from vae_core import files
from vae_core.training.run_directory import RunDir

NOTE = {"owner": hashed(ME), "name": "mine", "created": 1.5e9, "device": "cpu", "colour": 2}


def leave(
    run: Path, owner: Any = None, spent: str | None = None, queued: float | None = None
) -> None:
    """A run as an earlier version left it."""
    RunDir(run).begin(recipe())
    if owner is not None:
        (run / "owner.json").write_text(
            json.dumps({**NOTE, "died": [3, 2], "remark": "", **owner})
        )
    if spent is not None:
        (run / "spent").write_text(spent)
        os.utime(run / "spent", (2e9, 2e9))
    if queued is not None:
        (run / "queued").touch()
        os.utime(run / "queued", (queued, queued))


def test_a_run_of_an_earlier_version_becomes_one_record(tmp_path: Path) -> None:
    leave(tmp_path / "a", {}, spent="61.5", queued=1.6e9)
    record = Records(tmp_path).read("a")
    expected = {**NOTE, "deaths": (3, 2), "seconds": 61.5, "counted": 2e9}
    assert record == Record(**expected, queued=int(1.6e18))
    assert sorted(os.listdir(tmp_path / "a")) == ["recipe.json", FILE, "record.lock"]
    assert Records(tmp_path).read("a") == record  # another page reads the same


def test_a_kill_while_it_is_taken_over_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(tmp_path / "a", {}, spent="61.5", queued=1.6e9)

    def killed(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(earlier, "remove", killed)
    with pytest.raises(KeyboardInterrupt):
        Records(tmp_path).read("a")
    monkeypatch.undo()
    monkeypatch.setattr(files.os, "replace", killed)  # or even before the record is there
    (tmp_path / "a" / FILE).unlink()
    with pytest.raises((KeyboardInterrupt, TypeError)):
        Records(tmp_path).read("a")
    monkeypatch.undo()
    record = Records(tmp_path).read("a")
    assert (record.seconds, record.queued, record.name) == (61.5, int(1.6e18), "mine")


@pytest.mark.parametrize(
    "harm", ['{"owner": ', "[1]", "7", '{"owner": 1, "died": "ab"}', "[" * 50_000, '{"died": 3}']
)
def test_a_damaged_note_of_an_earlier_version_is_nobodys_and_stays(
    tmp_path: Path, harm: str
) -> None:
    leave(tmp_path / "a", {})
    (tmp_path / "a" / "owner.json").write_text(harm)
    assert Records(tmp_path).read("a") == NOBODYS
    assert (tmp_path / "a" / "owner.json").read_text() == harm


def test_the_queue_of_an_earlier_version_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "spawn", Pretended())
    monkeypatch.setattr(supervisor, "LOOK", 1000.0)
    leave(tmp_path / "late", {}, queued=1.7e9)
    leave(tmp_path / "early", {"owner": hashed(OTHER)}, queued=1.6e9)
    leave(tmp_path / "sweep" / "beta=1", queued=1.5e9)  # of the command line, resumed in the page
    leave(tmp_path / "by-hand")
    RunDir(tmp_path / "early").write_status("stopped")
    jobs = Jobs(tmp_path, OPEN)
    monkeypatch.setattr(jobs.trainers, "look", lambda: None)
    jobs.begin()
    assert jobs.records.queue() == ["sweep/beta=1", "early", "late"]
    assert {run.id for run in jobs.runs(ME)} == {"late", "by-hand"}
    assert jobs.records.read("by-hand") == Record()
    assert not (tmp_path / "by-hand" / FILE).exists()
    jobs.close()


def test_no_change_of_several_pages_is_lost(tmp_path: Path) -> None:
    """Each page changes fields of its own, again and again, and all see the last of each."""
    (tmp_path / "a").mkdir()
    changes = {"remark": "x", "name": "y", "device": "z", "colour": 7}

    def change(field: str, last: Any) -> None:
        page = Records(tmp_path)
        for number in range(20):
            page.update("a", **{field: number if field == "colour" else str(number)})
            read = getattr(page.read("a"), field)
            assert str(read) == str(number)
        page.update("a", **{field: last})

    with ThreadPoolExecutor(4) as pages:
        list(pages.map(change, changes, changes.values()))
    assert Records(tmp_path).read("a") == Record(**changes)


def test_of_two_pages_one_starts_trainers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more train at once than may, whichever page was asked; then the other page goes on."""
    pretended = Pretended()
    monkeypatch.setattr(process, "spawn", pretended)
    monkeypatch.setattr(supervisor, "LOOK", 1000.0)
    one, two = Jobs(tmp_path, QUIET), Jobs(tmp_path, QUIET)
    first = one.start(ME, recipe())
    second = two.start(ME, recipe())
    for _ in range(2):
        two.trainers.look()
        one.trainers.look()
    assert len(pretended.processes) == 1 and two.trainers.going() == []
    assert [jobs.get(ME, first).state for jobs in (one, two)] == ["running"] * 2
    assert [jobs.get(ME, second).position for jobs in (one, two)] == [1, 1]
    one.close()
    with one.get(ME, first).files.claimed():  # as its trainer does
        two.trainers.look()
        assert two.trainers.going() == [first] and len(pretended.processes) == 1
    one.get(ME, first).files.write_status("done")
    two.trainers.look()
    assert two.trainers.going() == [second] and len(pretended.processes) == 2
    two.close()
    for child in pretended.processes:
        child.kill()
        child.wait()


def test_a_run_that_another_page_removes_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pretended = Pretended()
    monkeypatch.setattr(process, "spawn", pretended)
    monkeypatch.setattr(supervisor, "LOOK", 1000.0)
    one, two = Jobs(tmp_path, QUIET), Jobs(tmp_path, QUIET)
    id = one.start(ME, recipe())
    two.delete(ME, id)
    one.trainers.look()
    assert one.trainers.going() == [] and pretended.processes[0].poll() is not None
    assert caplog.records == []
    for jobs in (one, two):
        jobs.close()


def test_two_pages_count_no_second_twice(tmp_path: Path) -> None:
    records = Records(tmp_path)
    (tmp_path / "a").mkdir()
    records.count("a", 0.0, until=1000.0)
    records.count("a", 5.0, until=1005.0)
    records.count("a", 5.0, until=1005.2)  # by another page
    assert records.read("a").seconds == pytest.approx(5.2)
    records.count("a", 5.0, until=900.0)  # the clock was put back
    records.count("a", 5.0, until=905.0)
    assert records.read("a").seconds == pytest.approx(10.2)


def test_a_run_that_was_deleted_does_not_come_back(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Records(tmp_path).update("gone", remark="x")
    assert os.listdir(tmp_path) == []
