"""Pictures of one's own: folders, archives, what is read of them and what is refused."""

import struct
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.support.pictures import blob, files, laid, zipped
from tests.support.samples import BAD_PICTURES, PICTURES, as_file, photo
from vae_core.__main__ import main
from vae_core.data import archives, datasets, folders, ingest
from vae_core.data.archives import read_zip
from vae_core.data.drawings.digit import to_digit
from vae_core.data.ingest import as_drawing, as_photograph
from vae_core.errors import UsageError
from vae_core.models import build, specify
from vae_core.training import checkpoints
from vae_core.training.recipe import Recipe
from vae_core.training.run import drive
from vae_core.training.run_directory import RunDir
from vae_core.training.trainer import Report, Trainer

SPLITS = ("train", "validation", "test")


# --- what becomes of a picture ---


def test_a_photograph_is_the_mean_of_its_middle_square() -> None:
    wide = np.zeros((56, 112), np.uint8)
    wide[:, :28] = 255  # left of the middle square
    wide[:, 28:84] = np.arange(56)[None] * 4
    seen = as_photograph(as_file(Image.fromarray(wide)))
    assert np.abs(seen - (np.arange(28)[None] * 8.0 + 2)).max() <= 1
    tall = as_photograph(as_file(Image.fromarray(wide.T)))
    assert np.array_equal(tall, seen.T)


def test_light_stays_light_in_a_photograph_and_turns_to_ink_in_a_drawing() -> None:
    paper = as_file(photo())
    assert as_photograph(paper)[0].min() > 200
    assert as_drawing(paper)[0].max() == 0
    assert np.array_equal(as_drawing(paper), to_digit(photo()))


@pytest.mark.parametrize("kind", PICTURES)
def test_every_kind_of_picture_is_read_in_grey(kind: str) -> None:
    seen = as_photograph(PICTURES[kind])
    assert seen.shape == (28, 28) and seen.dtype == np.uint8
    usual = as_photograph(PICTURES["grey"])
    assert np.abs(seen.astype(float) - usual).mean() < 12, kind
    assert np.abs(as_drawing(PICTURES[kind]).astype(float) - to_digit(photo())).mean() < 12, kind


def test_a_large_photograph_is_as_a_small_one() -> None:
    large = as_photograph(as_file(blob(1, (3200, 2400)), "JPEG"))
    small = as_photograph(as_file(blob(1, (320, 240))))
    assert np.abs(large.astype(float) - small).max() <= 6


def test_pictures_smaller_than_a_digit_are_enlarged() -> None:
    seen = as_photograph(as_file(Image.fromarray(np.array([[0, 255]] * 2, np.uint8))))
    assert seen[:, 0].max() == 0 and seen[:, -1].min() == 255
    assert (np.diff(seen[0].astype(int)) >= 0).all()


# --- folders ---


def test_the_folders_are_the_classes(tmp_path: Path) -> None:
    gathered = folders.read(f"folder:{laid(tmp_path, files(66, classes=3))}")
    assert gathered.classes == ["0", "1", "2"]
    assert gathered.sentence == "66 pictures in 3 classes: 0, 1, 2."
    assert gathered.pictures.labels.bincount().tolist() == [22, 22, 22]
    assert np.array_equal(gathered.pictures.images[0, 0], as_photograph(as_file(blob(0))))
    assert gathered.pictures.images.shape == (66, 1, 28, 28)


def test_the_split_depends_on_nothing_but_the_names(tmp_path: Path) -> None:
    content = files(90)
    there = laid(tmp_path / "a", content)
    back = laid(tmp_path / "b", dict(reversed(content.items())))
    for split in (*SPLITS, "all"):
        one, other = (datasets.load(f"folder:{place}", split) for place in (there, back))
        assert torch.equal(one.images, other.images) and torch.equal(one.labels, other.labels)
    parts = [datasets.load(f"folder:{there}", split).images for split in SPLITS]
    assert [len(part) for part in parts] == [60, 15, 15]
    assert datasets.count(f"folder:{there}") == 60
    seen = {image.numpy().tobytes() for part in parts for image in part}
    assert len(seen) == 90  # none is in two of them
    both = torch.cat(parts[:2])
    assert torch.equal(datasets.load(f"folder:{there}", "all").images, both)


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    folder = laid(tmp_path, files())
    before = folders.read(f"folder:{folder}").pictures
    (folder / "set/0/0000.png").write_bytes(as_file(Image.new("L", (40, 40), 255)))
    after = folders.read(f"folder:{folder}").pictures
    assert after.images[0].min() == 255 and not torch.equal(before.images[0], after.images[0])
    assert torch.equal(before.images[1:], after.images[1:])


def test_one_damaged_picture_among_many_is_left_out_and_named(tmp_path: Path) -> None:
    extra = {"set/x.jpg": BAD_PICTURES["a header and no more"], "set/notes.txt": b"x"}
    hidden = {"set/.x.png": b"x", "__MACOSX/._y.png": b"x"}
    gathered = folders.read(f"folder:{laid(tmp_path, {**files(), **extra, **hidden})}")
    assert len(gathered.pictures.images) == 60
    assert "1 could not be read" in gathered.sentence and "set/x.jpg: " in gathered.sentence
    assert "Other files left out: 1." in gathered.sentence and ".x.png" not in gathered.sentence


LAYOUTS = {
    "{kind}/{n}.png": ["cat", "dog"],
    "{kind}/images/{n}.png": ["cat", "dog"],
    "data/{kind}/Bilder/roh/{n}.png": ["cat", "dog"],  # whatever the word
    "{part}/{kind}/{n}.png": ["cat", "dog"],
    "{kind}/{part}/{n}.png": ["cat", "dog"],
    "{part}/{kind}/images/{n}.png": ["cat", "dog"],
    "pets/{part}/{n}.png": ["pets"],  # the parts of a split are no classes
    "{part}/{n}.png": [""],
    "all/images/{n}.png": ["images"],
    "{n}.png": [""],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_classes_are_found_in_every_usual_layout(layout: str, tmp_path: Path) -> None:
    content = {
        layout.format(kind="dog" if n % 2 else "cat", part="train" if n % 3 else "Val", n=n): data
        for n, data in enumerate(files(12).values())
    }
    gathered = read_zip(zipped(content), "folder")
    assert gathered.classes == LAYOUTS[layout]
    if len(gathered.classes) == 2:
        by_hand = sorted((name, int("dog" in name)) for name in content)
        assert gathered.pictures.labels.tolist() == [label for _, label in by_hand]
        assert folders.read(f"folder:{laid(tmp_path, content)}").classes == LAYOUTS[layout]


def test_accents_that_are_written_in_two_ways_are_one_class() -> None:
    names = [unicodedata.normalize(form, "Müller/é") for form in ("NFC", "NFD")]
    content = {f"{names[n % 2]}/{n}.png": data for n, data in enumerate(files(14).values())}
    content |= {f"other/{n}.png": data for n, data in enumerate(files(3).values())}
    gathered = read_zip(zipped(content), "folder")
    assert gathered.classes == ["other", unicodedata.normalize("NFC", "é")]
    assert gathered.pictures.labels.bincount().tolist() == [3, 14]


@pytest.mark.parametrize("name", ["新しい　フォルダー", "été à Nice", "👩‍👧 photos"])
def test_folders_of_any_language_are_read(name: str, tmp_path: Path) -> None:
    content = {f"{name}/{n}.png": data for n, data in enumerate(files(12).values())}
    content |= {f"other/{n}.png": data for n, data in enumerate(files(12).values())}
    place = laid(tmp_path / name, content)
    gathered = folders.read(f"folder:{place}")
    assert name in gathered.classes and name in gathered.sentence
    spec = specify("vanilla", latent_dim=2, width=4)
    checkpoints.save_checkpoint(tmp_path / "x", build(spec), Recipe(spec, f"folder:{place}"), {})
    assert checkpoints.load_checkpoint(tmp_path / "x").recipe.dataset == f"folder:{place}"


def test_what_would_turn_a_sentence_around_is_left_out_of_it() -> None:
    content = {f"\u202egnp/{n}.png": data for n, data in enumerate(files(12).values())}
    content |= {f"b/{n}.png": data for n, data in enumerate(files(12).values())}
    assert "?gnp" in read_zip(zipped(content), "folder").sentence


def test_pictures_that_are_all_the_same_are_said_to_be() -> None:
    same = {f"{n}.png": as_file(blob(1)) for n in range(12)}
    words = "They are all the same picture"
    assert words in read_zip(zipped(same), "folder").sentence
    assert words not in read_zip(zipped({**same, "x.png": as_file(blob(2))}), "folder").sentence


def test_many_folders_are_one_class() -> None:
    gathered = read_zip(zipped(files(66, classes=11)), "folder")
    assert gathered.classes == [""] and gathered.pictures.labels.max() == 0
    assert "11 folders" in gathered.sentence and "count as one" in gathered.sentence


REFUSED = {
    "nowhere": (None, "There is no folder at"),
    "empty": ({}, "no pictures in it; found no files"),
    "other files": ({"a.heic": b"x", "b.heic": b"x"}, "found 2 with .heic. PNG, JPEG"),
    "two pictures": (files(2), "There are 2 pictures in it. 12 to 20,000"),
    "mostly damaged": (
        {**files(70), **{f"{i}.png": b"x" for i in range(71)}},
        r"71 of 141 pictures cannot be read.*0\.png: .*And so on",
    ),
    "too few whole ones": (
        {**files(10), **{f"{i}.png": b"" for i in range(5)}},
        "5 of 15 pictures cannot be read. It takes at least 12",
    ),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_folder_that_is_no_data_set_is_refused(
    tmp_path: Path, case: tuple[dict[str, bytes] | None, str]
) -> None:
    content, words = case
    place = tmp_path / "nowhere" if content is None else laid(tmp_path, content)
    with pytest.raises(UsageError, match=words):
        datasets.load(f"folder:{place}")


def test_too_many_pictures_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST", 61)
    monkeypatch.setattr(ingest, "MOST", 61)
    laid(tmp_path, files(61))
    datasets.load(f"folder:{tmp_path}")
    laid(tmp_path, {"another.png": as_file(blob(0))})
    with pytest.raises(UsageError, match="more than 61 pictures"):
        datasets.load(f"folder:{tmp_path}")
    with pytest.raises(UsageError, match="more than 61 pictures"):
        read_zip(zipped(files(62)), "folder")


@pytest.mark.parametrize("name", ["folder:", "drawings: ", "file:a\nb", "folder:\0"])
def test_a_name_without_a_path_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="Say where the pictures are"):
        datasets.load(name)


def test_unknown_kinds_are_told_of_the_known_ones() -> None:
    with pytest.raises(UsageError, match="folder:PATH"):
        datasets.load("zip:photos.zip")


# --- one file of them ---


def test_a_packed_file_holds_what_was_gathered(tmp_path: Path) -> None:
    gathered = read_zip(zipped(files(66, classes=3)), "folder")
    place = tmp_path / "x.safetensors"
    place.write_bytes(folders.packed(gathered))
    again = folders.read(f"file:{place}")
    assert torch.equal(again.pictures.images, gathered.pictures.images)
    assert again.classes == gathered.classes and again.sentence == gathered.sentence
    assert place.stat().st_size < 66 * 800 + 1000
    place.unlink()
    with pytest.raises(UsageError, match=r"no pictures at .* any more"):
        datasets.load(f"file:{place}")


def test_a_damaged_or_foreign_file_is_refused(tmp_path: Path) -> None:
    whole = folders.packed(read_zip(zipped(files()), "folder"))
    altered = whole.replace(b"U8", b"I8")
    assert altered != whole
    place = tmp_path / "x.safetensors"
    foreign = Path("checkpoints/vae-2.safetensors").read_bytes()
    for content in (b"", whole[:-1], altered, foreign, b"\x80\x04cposix\nsystem\n."):
        place.write_bytes(content)
        with pytest.raises(UsageError, match="damaged or holds no pictures"):
            datasets.load(f"file:{place}")
        place.unlink()  # the next one changes at another time


# --- archives ---


def test_an_archive_is_as_the_folder_that_was_packed(tmp_path: Path) -> None:
    content = files(66, classes=3)
    packed = read_zip(zipped(content), "folder")
    there = folders.read(f"folder:{laid(tmp_path, content)}")
    assert torch.equal(packed.pictures.images, there.pictures.images)
    assert torch.equal(packed.pictures.labels, there.pictures.labels)
    assert packed.sentence == there.sentence


def test_paths_in_an_archive_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(laid(tmp_path / "here", {"x": b""}))
    tricks = {
        f"{path}{i}.png": as_file(blob(i))
        for i, path in enumerate(["../", "/etc/", "..\\..\\", "C:\\", "a/../../b/"] * 13)
    }
    before = sorted(tmp_path.rglob("*"))
    gathered = read_zip(zipped(tricks), "folder")
    assert len(gathered.pictures.images) == 65
    assert sorted(tmp_path.rglob("*")) == before
    assert gathered.classes == ["", "C:", "b", "etc"]


def unflagged(content: bytes) -> bytes:
    """The archive, its names in UTF-8 without the flag that says so, as many programs write it."""
    altered = bytearray(content)
    for mark, place in ((b"PK\3\4", 6), (archives.ENTRY, 8)):
        at = altered.find(mark)
        while at >= 0:
            flags = struct.unpack_from("<H", altered, at + place)[0]
            struct.pack_into("<H", altered, at + place, flags & ~archives.UTF8)
            at = altered.find(mark, at + 1)
    return bytes(altered)


def test_names_in_utf_8_are_read_without_the_flag_that_says_so() -> None:
    content = {
        f"{'Größe' if n % 2 else '数字'}/{n}.png": data
        for n, data in enumerate(files(12).values())
    }
    plain = unflagged(zipped(content))
    assert plain != zipped(content)
    assert read_zip(plain, "folder").classes == ["Größe", "数字"]
    old = plain.replace("Größe".encode(), "Gröse".encode("cp437") + b"ab")  # of the same length
    assert "Gröseab" in read_zip(old, "folder").classes


def test_archives_in_an_archive_stay_closed() -> None:
    gathered = read_zip(zipped({**files(), "more.zip": zipped(files(99))}), "folder")
    assert len(gathered.pictures.images) == 60 and "left out: 1" in gathered.sentence
    with pytest.raises(UsageError, match=r"no pictures in it; found 1 with \.zip"):
        read_zip(zipped({"more.zip": zipped(files(99))}), "folder")


def promising(content: bytes, size: int) -> bytes:
    """The archive, its list saying that each file has so many bytes."""
    altered = bytearray(content)
    place = altered.find(archives.ENTRY)
    while place >= 0:
        struct.pack_into("<I", altered, place + 24, size)
        place = altered.find(archives.ENTRY, place + 1)
    return bytes(altered)


def encrypted(content: bytes) -> bytes:
    altered = bytearray(content)
    altered[altered.find(archives.ENTRY) + 8] |= 1
    return bytes(altered)


BOMBS = {
    "a file of zeros": (
        zipped({**files(), **{f"{i}.png": bytes(9_000_000) for i in range(4)}}),
        "would unpack to 36.* 200 times",
    ),
    "a list of giants": (promising(zipped(files()), 10**9), "would unpack to 60,0"),
    "an encrypted one": (encrypted(zipped(files())), "encrypted"),
    "a long list": (archives.ENTRY * 60_001, "lists more than 60,000 files"),
    "nothing": (b"", "cannot be read as a zip archive; it has 0 bytes"),
    "half an archive": (zipped(files())[:-100], "cannot be read as a zip archive"),
    "no archive": (b"PK\3\4" + bytes(500), "cannot be read as a zip archive"),
    "other files": (zipped({"a.txt": b"a"}), "no pictures"),
}


@pytest.mark.parametrize("case", BOMBS.values(), ids=BOMBS)
def test_a_hostile_archive_is_refused_before_it_is_unpacked(
    case: tuple[bytes, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content, words = case

    def opened(*_: object) -> bytes:
        raise AssertionError("something was unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "read", opened)
    with pytest.raises(UsageError, match=words):
        read_zip(content, "folder")


def test_pictures_that_unpack_to_too_many_pixels_are_refused() -> None:
    # 60 kB each in the archive, and 16 million pixels.
    giant = as_file(Image.new("1", (4000, 4000)), compress_level=9)
    many = zipped({f"{i}.png": giant for i in range(60)}, zipfile.ZIP_STORED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archives, "MOST_PIXELS", 40_000_000)
        with pytest.raises(UsageError, match="more than 40 million pixels"):
            read_zip(many, "folder")


def test_a_file_that_is_damaged_in_the_archive_is_counted() -> None:
    content = bytearray(zipped(files(61), zipfile.ZIP_STORED))
    content[content.find(b"IDAT") + 20] ^= 255
    assert "1 could not be read: set/0/0000.png: It is damaged" in (
        read_zip(bytes(content), "folder").sentence
    )
    large = {**files(), "large.bmp": bytes(16_000_001)}
    assert (
        "large.bmp: It has 16.0 MB"
        in read_zip(zipped(large, zipfile.ZIP_STORED), "folder").sentence
    )
    mixed = zipped({**files(), "odd.png": as_file(blob(1))}, zipfile.ZIP_BZIP2)
    with pytest.raises(UsageError, match=r"61 of 61 .* ordinary zip file"):
        read_zip(mixed, "folder")


# --- training ---


def test_a_model_trains_on_a_folder_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    laid(tmp_path / "my photos", {**files(66, 3), "bad.png": b"x"})
    monkeypatch.chdir(tmp_path)
    command = ["train", "vae", "--latent-dim", "2", "--width", "4", "--depth", "0"]
    command += ["--data", "folder:my photos", "--epochs", "2", "--batch-size", "20"]
    assert main([*command, "--run-dir", "whole"]) == 0
    assert "66 pictures in 3 classes" in capsys.readouterr().err
    whole = checkpoints.load_checkpoint("whole/checkpoint.safetensors")
    assert whole.recipe.dataset == f"folder:{tmp_path}/my photos"
    assert f"--data 'folder:{tmp_path}/my photos'" in whole.recipe.command("x")

    cut, recipe = RunDir(tmp_path / "cut"), whole.recipe
    cut.begin(recipe)
    parts = (datasets.load(recipe.dataset, split).images for split in ("train", "validation"))
    model = build(recipe.model, recipe.config.seed)
    going = drive(Trainer(model, next(parts), recipe.config, next(parts)), cut, recipe)
    while not isinstance(next(going), Report):
        pass
    going.close()  # as a kill after the first epoch would
    monkeypatch.chdir("/")  # where the folder was named from is no matter
    assert main(["train", "--run-dir", str(tmp_path / "cut")]) == 0
    assert (
        checkpoints.load_checkpoint(tmp_path / "cut/checkpoint.safetensors").checksum
        == whole.checksum
    )
