"""Files that wait to be fetched are counted: the oldest make room, and no new one does."""

import os
import time
from pathlib import Path

import pytest

from playground.api import files


def test_the_oldest_files_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr(files, "MOST_KEPT", 2500)
    paths = [Path(files.file("model.safetensors", bytes([i]) * 1000).path) for i in range(3)]
    assert all(path.exists() for path in paths)  # somebody is about to fetch them
    for age, path in enumerate(reversed(paths)):
        os.utime(path, (time.time() - 1000 * (age + 1), time.time() - 1000 * (age + 1)))
    last = Path(files.file("model.safetensors", b"x" * 1000).path)
    assert [path.exists() for path in (*paths, last)] == [False, False, True, True]
