"""One process holds a file, the others know which, and a kill lets go of it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vae_core import files, load_checkpoint
from vae_core.data.folders import read as read_own
from vae_core.errors import UsageError
from vae_core.evaluation import load_classifier
from vae_core.evaluation.atlas import load as load_atlas
from vae_core.evaluation.likeness import load_likeness
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


POINTER = b"""version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 3718952
"""


@pytest.mark.parametrize(
    "read",
    [load_checkpoint, load_classifier, load_atlas, load_likeness, lambda path: read_own(f"file:{path}")],
)  # fmt: skip
def test_a_pointer_in_place_of_a_file_is_said_with_what_fetches_it(
    read: Callable[[Path], object], tmp_path: Path
) -> None:
    path = tmp_path / "vae-20.safetensors"
    path.write_bytes(POINTER)
    with pytest.raises(UsageError, match=r"vae-20.safetensors is only a pointer .*`git lfs pull`"):
        read(path)


def test_other_files_are_no_pointers(tmp_path: Path) -> None:
    files.check_fetched(tmp_path / "missing")
    for content in (b"", b"version", POINTER[1:]):
        (tmp_path / "other").write_bytes(content)
        files.check_fetched(tmp_path / "other")
