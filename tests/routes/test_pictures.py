"""The routes for pictures that a visitor brings, with friendly archives and hostile ones."""

import dataclasses
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import time as now
from typing import Any

import numpy as np
import pytest
import torch
from starlette.applications import Starlette
from starlette.testclient import TestClient

from playground import decoding
from playground.api import training
from playground.routes import weights
from playground.runs import process
from playground.runs.disk.uploads import DAY, Shelf
from playground.runs.jobs import Jobs
from playground.runs.limits import HOSTED, OPEN, Limits
from playground.runs.trainers import supervisor
from playground.server.serve import open_limits
from playground.store.models import Store
from playground.wire.packing import pack, unpack
from tests.routes.test_routes import refused
from tests.routes.test_train import RUN, Page
from tests.support.facts import fact, page_of
from tests.support.pictures import files, laid, zipped
from tests.support.samples import as_file, photo
from tests.support.training import ME, OTHER, Pretended
from vae_core.__main__ import main
from vae_core.data import folders
from vae_core.errors import UsageError
from vae_core.models import build, specify
from vae_core.training import checkpoints
from vae_core.training.config import TrainConfig
from vae_core.training.exported import NOWHERE
from vae_core.training.recipe import Recipe


def paged(folder: Path, limits: Limits) -> Page:
    store = Store(jobs=Jobs(folder / "runs", limits))
    return Page(page_of(store), store)


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pretended]:
    """Trainers that sleep."""
    pretended = Pretended()
    monkeypatch.setattr(process, "spawn", pretended)
    monkeypatch.setattr(supervisor, "LOOK", 1000.0)
    yield pretended
    for trainer in pretended.processes:
        trainer.kill()


@pytest.fixture
def page(tmp_path: Path, pretended: Pretended) -> Iterator[Page]:
    """A page on the visitor's own machine."""
    page = paged(tmp_path, OPEN)
    with page.client:
        yield page
    page.store.jobs.close()


@pytest.fixture
def hosted(tmp_path: Path, pretended: Pretended) -> Iterator[Page]:
    """A page of strangers."""
    page = paged(tmp_path, HOSTED)
    yield page
    page.store.jobs.close()


def brought(page: Page, content: dict[str, bytes], way: str = "folder") -> dict[str, Any]:
    return page.told("pictures", zipped(content), way=way)


def looked_at(page: Page, dataset: str) -> tuple[dict[str, Any], np.ndarray]:
    header, body = unpack(page.ask("pictures-look", dataset=dataset).content)
    return header, np.frombuffer(body, np.uint8).reshape(header["shown"], 28, 28)


def test_a_model_trains_on_an_upload_and_is_in_every_tab(page: Page) -> None:
    facts = brought(page, {**files(66, 3), "bad.png": b"x"})
    assert facts["images"] == 44
    assert facts["sentence"].startswith("66 pictures in 3 classes: 0, 1, 2. 1 could not be read:")
    header, shown = looked_at(page, facts["dataset"])
    assert header["images"] == 44 and len(shown) == 21 and shown.std() > 10
    asked = {**RUN, "dataset": facts["dataset"], "config": {"epochs": 1, "batch_size": 20}}
    checked = page.told("train-check", **asked)
    kept = page.store.jobs.pictures.resolve(facts["dataset"], ME)
    assert f"--data {kept} " in checked["command"]
    id = page.told("train-start", **asked)["id"]
    run = page.store.jobs.get(ME, id).files
    assert main(["train", "--run-dir", str(run.path), "--device", "cpu"]) == 0
    header, _ = page.watch(id)
    assert header["state"] == "done", header["sentence"]
    assert header["dataset"] == facts["dataset"] and header["shapes"]["labels"] == ["uint8", [11]]
    name = f"run:{id}"
    about, _ = unpack(fact(page.client, "map", name).content)
    assert about["codes"]["count"] == 11
    about, _ = unpack(fact(page.client, "atlas", name, "first").content)
    assert about["count"] == 11 and about["k"] == 5

    Path(kept.removeprefix("file:")).unlink()
    assert "not on the server any more" in refused(page.ask("train-start", **asked))
    assert "not on the server any more" in refused(page.ask("train-wish", id=id, wish="rewind"))
    fresh = Page(page.client, Store(jobs=Jobs(page.store.jobs.folder, OPEN)))
    for route in ("map", "latents"):
        page.store.get(name)
        assert fact(fresh.client, route, name).status_code == 200, route


def test_a_program_checks_a_run_on_its_own_pictures_and_on_nobody_elses(page: Page) -> None:
    dataset = brought(page, files(66, 3))["dataset"]
    checked = training.check_training(page.store, "vae", dataset, owner=ME)
    assert page.store.jobs.pictures.resolve(dataset, ME) in checked["command"]
    for owner in ("", OTHER):
        with pytest.raises(UsageError, match="not on the server any more"):
            training.check_training(page.store, "vae", dataset, owner=owner)


def test_drawings_and_photographs_are_told_apart(page: Page) -> None:
    paper = {f"{i}.png": as_file(photo().rotate(i, fillcolor="white")) for i in range(60)}
    as_photos, as_drawings = brought(page, paper), brought(page, paper, "drawings")
    assert "light border" in as_photos["sentence"]
    assert "light border" not in as_drawings["sentence"]
    light = [looked_at(page, each["dataset"])[1].mean() for each in (as_photos, as_drawings)]
    assert light[0] > 180 and light[1] < 80
    assert "light border" not in brought(page, files())["sentence"]


def test_a_folder_is_read_on_ones_own_machine_alone(page: Page, tmp_path: Path) -> None:
    name = f"folder:{laid(tmp_path / 'mine', files())}"
    assert looked_at(page, name)[0]["images"] == 40
    assert f"--data {name}" in page.told("train-check", **{**RUN, "dataset": name})["command"]
    assert page.client.get("/live/train-options").json()["pictures"]["folders"] is True
    for host, share in (("0.0.0.0", False), ("127.0.0.1", True)):
        assert not open_limits(host, share).folders
    assert open_limits("127.0.0.1", False) == OPEN


def test_strangers_read_no_folders(hosted: Page, tmp_path: Path) -> None:
    place = laid(tmp_path / "private", files())
    packed = tmp_path / "private.safetensors"
    packed.write_bytes(folders.packed(folders.read(f"folder:{place}")))
    assert hosted.client.get("/live/train-options").json()["pictures"]["folders"] is False
    for name in (f"folder:{place}", f"drawings:{place}", f"file:{packed}", "folder:", "mine:../x"):
        for route in ("pictures-look", "train-check", "train-start"):
            header = {} if route == "pictures-look" else RUN
            refused(hosted.ask(route, **{**header, "dataset": name}))
    assert brought(hosted, files())["images"] == 40


def test_a_strangers_checkpoint_has_no_folder_read(hosted: Page, tmp_path: Path) -> None:
    place = laid(tmp_path / "private", files())
    recipe = Recipe(
        specify("vae", latent_dim=2, width=4, depth=0), f"folder:{place}", config=TrainConfig(1)
    )
    file = tmp_path / "x.safetensors"
    checkpoints.save_checkpoint(file, build(recipe.model), recipe, {})
    id = hosted.told("train-upload", file.read_bytes(), name="theirs")["id"]
    about, _ = unpack(fact(hosted.client, "map", f"run:{id}").content)
    assert about["codes"]["count"] == 0
    (run,) = (each for each in hosted.told("train-runs")["runs"] if each["id"] == id)
    assert "The pictures are of the data set 'digits', as those it was" in run["sentence"]
    assert (
        hosted.watch(id)[0]["shapes"]["labels"][1] == hosted.watch(id)[0]["shapes"]["codes"][1][:1]
    )
    assert "Folders and files of the server" in refused(
        fact(hosted.client, "atlas", f"run:{id}", "first")
    )
    assert "Folders and files" in refused(hosted.ask("train-wish", id=id, wish="rewind"))


HOSTILE: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "nothing": (b"", {}, "cannot be read as a zip"),
    "no archive": (os.urandom(500), {}, "cannot be read as a zip"),
    "two pictures": (zipped(files(2)), {}, "There are 2 pictures"),
    "an unknown way": (zipped(files()), {"way": "film"}, "No way to read pictures"),
    "a way that is a list": (zipped(files()), {"way": ["folder"]}, "No way to read pictures"),
    "a bomb": (zipped({"a.png": bytes(9_000_000)}), {}, "would unpack to"),
}


@pytest.mark.parametrize("case", HOSTILE.values(), ids=HOSTILE)
def test_an_archive_that_is_no_data_set_is_refused(
    hosted: Page, case: tuple[bytes, dict[str, Any], str]
) -> None:
    content, header, words = case
    assert words in refused(hosted.ask("pictures", content, **header))
    assert not list(hosted.store.jobs.pictures.folder.glob("*"))


@pytest.mark.parametrize("dataset", [None, 7, ["mine:x"], "mine:", "mine:" + "x" * 22, "digits"])
def test_pictures_of_nobody_are_not_shown(hosted: Page, dataset: Any) -> None:
    refused(hosted.ask("pictures-look", dataset=dataset))


def test_strangers_send_smaller_files(hosted: Page) -> None:
    assert hosted.client.get("/live/train-options").json()["pictures"]["bytes"] == HOSTED.upload
    content = pack({"owner": ME}, bytes(HOSTED.upload))
    assert "too large: at most 32 MB" in refused(
        hosted.client.post("/live/pictures", content=content)
    )


def test_those_longest_unused_make_room(tmp_path: Path) -> None:
    content = zipped(files())
    shelf = Shelf(tmp_path, Limits(at_once=1, threads=1, pictures=None))
    first = shelf.keep(content, "folder", ME)
    size = next(tmp_path.glob("*/*")).stat().st_size
    shelf = Shelf(tmp_path, replace(HOSTED, pictures=2.5 * size / 1e6))
    second = shelf.keep(content, "folder", ME)
    for file in tmp_path.glob("*/*"):
        os.utime(file, (now() - 9, now() - 9))  # a file system's clock may tick slowly
    shelf.resolve(first, ME)
    third = shelf.keep(content, "folder", ME)
    for name in (first, third):
        shelf.resolve(name, ME)
    with pytest.raises(UsageError, match="not on the server any more"):
        shelf.resolve(second, ME)


def test_who_has_most_makes_room_and_nothing_that_trains_does(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, HOSTED)
    theirs = shelf.keep(zipped(files()), "folder", OTHER)
    mine = [shelf.keep(zipped(files()), "folder", ME) for _ in range(3)]
    size = next(tmp_path.glob("*/*")).stat().st_size
    oldest = Path(shelf.resolve(theirs, OTHER).removeprefix("file:"))
    os.utime(oldest, (now() - 99, now() - 99))
    shelf.limits = replace(HOSTED, pictures=4.5 * size / 1e6)
    shelf.in_use = lambda: {shelf.resolve(mine[0], ME)}
    others = shelf.keep(zipped(files()), "folder", OTHER)
    for name, owner in ((theirs, OTHER), (others, OTHER), (mine[0], ME), (mine[2], ME)):
        shelf.resolve(name, owner)
    with pytest.raises(UsageError, match="not on the server any more"):
        shelf.resolve(mine[1], ME)
    shelf.in_use = lambda: {f"file:{path}" for path in tmp_path.glob("*/*")}
    with pytest.raises(UsageError, match="all of them are in use"):
        shelf.keep(zipped(files()), "folder", ME)


def test_pictures_that_nobody_uses_go_after_some_days(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, replace(HOSTED, days=3))
    used, old, trained = (shelf.keep(zipped(files()), "folder", ME) for _ in range(3))
    paths = [Path(shelf.resolve(name, ME).removeprefix("file:")) for name in (used, old, trained)]
    for path, days in zip(paths, (2, 4, 4), strict=True):
        os.utime(path, (now() - days * DAY, now() - days * DAY))
    shelf.in_use = lambda: {f"file:{paths[2]}"}
    shelf.tidy()
    assert [path.exists() for path in paths] == [True, False, True]


def test_pictures_are_of_the_browser_that_brought_them(hosted: Page) -> None:
    """Neither its name nor its place lets another browser look at them, train on them or remove them."""
    name = brought(hosted, files())["dataset"]
    kept = hosted.store.jobs.pictures.resolve(name, ME)
    for dataset in (name, kept):
        for route in ("pictures-look", "pictures-remove", "train-check", "train-start"):
            header = {} if route.startswith("pictures") else RUN
            asked = {**header, "dataset": dataset, "owner": OTHER}
            assert "not on the server any more" in refused(hosted.ask(route, **asked))
    hosted.told("train-check", **{**RUN, "dataset": name})
    assert hosted.told("pictures-remove", dataset=name) == {"removed": name}
    for route in ("pictures-look", "pictures-remove"):
        assert "not on the server any more" in refused(hosted.ask(route, dataset=name))
    assert not Path(kept.removeprefix("file:")).exists()


def test_pictures_of_an_earlier_version_are_still_there(hosted: Page) -> None:
    name = brought(hosted, files())["dataset"]
    shelf = hosted.store.jobs.pictures
    kept = Path(shelf.resolve(name, ME).removeprefix("file:"))
    kept.rename(shelf.folder / kept.name)  # where they lay
    assert looked_at(hosted, name)[0]["images"] == 40
    assert shelf.shown(f"file:{shelf.folder / kept.name}") == name


def test_weights_say_nothing_of_the_pictures_they_were_trained_on(hosted: Page) -> None:
    """Whoever has the file, or the address of the weights, learns neither their name nor their place."""
    name = brought(hosted, files())["dataset"]
    id = hosted.told("train-start", **{**RUN, "dataset": name})["id"]
    run = hosted.store.jobs.get(ME, id).files
    recipe = run.recipe()
    model = build(recipe.model)
    checkpoints.save_checkpoint(run.checkpoint, model, recipe, {"epoch": 1})
    secret = name.removeprefix("mine:").encode()
    assert secret in run.checkpoint.read_bytes()
    client = TestClient(Starlette(routes=weights.routes(hosted.store)))
    (about,) = client.get("/weights", params={"name": f"run:{id}"}).json()["models"]
    reply = client.get(f"/{about['address']}.safetensors")
    given = reply.content
    assert int(reply.headers["content-length"]) == len(given)
    assert hosted.ask("train-file", id=id).content == given
    assert secret not in given and b".pictures" not in given
    file = hosted.store.jobs.folder / "given.safetensors"
    file.write_bytes(given)
    found = checkpoints.load_checkpoint(file)
    assert found.recipe == dataclasses.replace(recipe, dataset=NOWHERE)
    assert NOWHERE in found.command and len(given) % 8 == 0
    for one, two in zip(model.parameters(), found.model.parameters(), strict=True):
        assert torch.equal(one, two)


def test_a_file_that_names_anothers_pictures_shows_none_of_them(hosted: Page) -> None:
    """As files did that an earlier version gave away."""
    dataset = hosted.store.jobs.pictures.resolve(brought(hosted, files())["dataset"], ME)
    recipe = Recipe(specify("vae", latent_dim=2, width=4, depth=0), dataset, config=TrainConfig(1))
    content = checkpoints.packed("x", build(recipe.model), recipe, {})
    id = hosted.told("train-upload", content, owner=OTHER)["id"]
    run = hosted.store.jobs.get(OTHER, id)
    assert "The pictures are of the data set 'digits'" in run.sentence
    for file in run.files.path.iterdir():
        assert Path(dataset).stem.encode() not in file.read_bytes(), file.name
    mine = hosted.told("train-upload", content)["id"]  # who brought them sees them
    assert "digits" not in hosted.store.jobs.get(ME, mine).sentence


def test_one_archive_waits_for_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, content = Shelf(tmp_path, HOSTED), zipped(files())
    packed = decoding.packed_zip
    inner: list[str] = []

    def meanwhile(archive: bytes, way: str) -> bytes:
        monkeypatch.setattr(decoding, "packed_zip", packed)
        inner.append(shelf.keep(content, "folder", OTHER))
        return packed(archive, way)

    monkeypatch.setattr(decoding, "packed_zip", meanwhile)
    shelf.look(shelf.keep(content, "folder", ME), ME)
    shelf.look(inner[0], OTHER)
