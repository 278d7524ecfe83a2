"""One process holds a file, the others know which, and a kill lets go of it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vae_core import files
from vae_core.errors import UsageError
from vae_core.files import holder, holding

HOLDS = """
import sys, time
from pathlib import Path
from vae_core.files import holding
with holding(Path(sys.argv[1])) as held:
    print(held, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(files, "PATIENCE", 0.0)
    return tmp_path / "lock"


@pytest.fixture
def other(lock: Path) -> Iterator[subprocess.Popen]:
    """Another process, which holds the lock."""
    command = [sys.executable, "-c", HOLDS, str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "True\n"
        yield process
        process.kill()


def test_a_file_is_held_by_one_process_until_it_is_killed(
    lock: Path, other: subprocess.Popen
) -> None:
    for _ in range(2):  # asking takes nothing away, nor what the file says
        with holding(lock) as held:
            assert not held
        assert holder(lock) == other.pid
    other.kill()
    other.wait()
    assert holder(lock) is None
    with holding(lock) as held:
        assert held


def test_a_file_is_given_back_at_the_end_of_the_block(lock: Path) -> None:
    with holding(lock) as first, holding(lock) as second:
        assert (first, second) == (True, False)
    with holding(lock) as again:
        assert again


def test_who_looks_leaves_no_file(lock: Path) -> None:
    assert holder(lock) is None
    assert not lock.exists()


def test_a_held_file_without_an_id_has_no_holder_that_is_known(lock: Path) -> None:
    with holding(lock):
        lock.write_text("nobody")
        assert holder(lock) is None


def test_a_folder_that_is_not_there_is_named(lock: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written to"), holding(lock / "x"):
        pass
