"""Files of strangers are read elsewhere: one that takes too much ends that process, and no other."""

import signal
import struct
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from playground import decoding
from playground.decoding import digits, pool
from playground.decoding.pool import Pool
from tests.support.pictures import files, zipped
from tests.support.samples import as_file, photo
from vae_core.data import archives, folders
from vae_core.errors import UsageError

TOO_MUCH = "This takes too much."
FILE = as_file(photo())

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of another kind")


@pytest.fixture
def strict() -> Iterator[Pool]:
    """Processes that may compute for a second, and take 300 MB."""
    made = Pool(seconds=1, megabytes=300, most=1, idle=None, refusal=TOO_MUCH)
    yield made
    made.close()


def progressive(scans: int) -> bytes:
    """A small JPEG whose coefficients come again and again, each time empty: minutes of work."""
    whole = as_file(Image.new("L", (4000, 4000), 255), "JPEG", progressive=True)
    place, found = whole.index(b"\xff\xda"), []
    while place >= 0:
        (length,) = struct.unpack_from(">H", whole, place + 2)
        after = place + 2 + length
        ends = (whole.find(b"\xff\xda", after), whole.find(b"\xff\xc4", after), len(whole) - 2)
        found.append(whole[place : min(at for at in ends if at > 0)])
        place = whole.find(b"\xff\xda", after)
    return whole[:-2] + found[-1] * scans + whole[-2:]


def gif(blocks: int) -> bytes:
    """A GIF of one pixel with a comment in blocks of one byte, which Pillow adds up one by one."""
    whole = as_file(Image.new("L", (1, 1)), "GIF")
    head = 13 + 3 * 2 ** ((whole[10] & 7) + 1) if whole[10] & 128 else 13
    return whole[:head] + b"\x21\xfe" + b"\x01x" * blocks + b"\0" + whole[head:]


def test_a_digit_is_as_it_would_be_here() -> None:
    assert np.array_equal(decoding.digits_in_file(FILE), digits.digits_in_file(FILE))
    finished = as_file(Image.fromarray(digits.digits_in_file(FILE)[0]))
    assert np.array_equal(decoding.digit_or_picture(finished), digits.digits_in_file(FILE)[0])
    decoding.digits_in_file(FILE)[0, 0, 0] = 7  # an array of its own


def test_pictures_in_a_zip_are_as_they_would_be_here() -> None:
    archive = zipped(files())
    assert decoding.packed_zip(archive, "folder") == folders.packed(
        archives.read_zip(archive, "folder")
    )


@pytest.mark.parametrize(
    "file", [b"", b"x" * 100, FILE[: len(FILE) // 2], as_file(Image.new("L", (90, 90)))]
)
def test_what_is_refused_is_refused_in_the_same_words(file: bytes) -> None:
    with pytest.raises(UsageError) as here:
        digits.digits_in_file(file)
    with pytest.raises(UsageError) as there:
        decoding.digits_in_file(file)
    assert str(there.value) == str(here.value)


@pytest.mark.parametrize("file", [progressive(3000), gif(1_500_000)], ids=["scans", "a comment"])
def test_a_file_that_takes_minutes_is_given_up_after_a_second_of_work(
    file: bytes, strict: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(file) < 10_000_000
    ended: list[int] = []
    end = pool.Worker.end

    def note(worker: pool.Worker) -> None:
        ended.append(worker.process.wait())
        end(worker)

    monkeypatch.setattr(pool.Worker, "end", note)
    with pytest.raises(UsageError, match=TOO_MUCH):
        strict.run("digits", file)
    assert ended == [-signal.SIGXCPU]  # by the count of its own seconds, however busy the machine
    assert len(strict.run("digits", FILE)) == 784


def test_each_file_has_seconds_of_its_own(strict: Pool) -> None:
    """One process reads many, and together they may take longer."""
    for _ in range(3):
        strict.run("digits", FILE)
    (worker,) = strict._free
    assert worker.process.poll() is None


def test_a_fault_of_the_program_is_told_as_one(strict: Pool) -> None:
    with pytest.raises(RuntimeError, match="Traceback"):
        strict.run("nonsense", FILE)
    assert len(strict.run("digits", FILE)) == 784


def test_a_process_that_died_meanwhile_is_replaced(strict: Pool) -> None:
    strict.run("digits", FILE)
    strict._free[0].process.kill()
    strict._free[0].process.wait()
    assert len(strict.run("digits", FILE)) == 784


def test_a_process_that_nobody_needs_is_ended(strict: Pool) -> None:
    strict.run("digits", FILE)
    (worker,) = strict._free
    strict._retire(worker)
    assert worker.process.poll() is not None and strict._free == []
    strict._retire(worker)  # which may be in use by now
