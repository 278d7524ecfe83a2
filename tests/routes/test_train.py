"""The routes of training in the page, with friendly requests and hostile ones."""

import json
import random
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from starlette.testclient import TestClient

from playground.runs import downloads, process
from playground.runs.disk.uploads import Shelf
from playground.runs.jobs import Jobs
from playground.runs.limits import HOSTED, LARGEST_MODEL, OPEN, Limits
from playground.runs.plan import Plan, plan
from playground.runs.request import RunRequest
from playground.runs.trainers import supervisor
from playground.store.models import Store
from playground.styles import LOOKS, MARKS
from playground.text.source import USE_MODEL
from playground.wire.packing import pack, unpack
from playground.wire.request import read
from tests.routes.test_routes import refused
from tests.support import forked
from tests.support.facts import fact, page_of
from tests.support.samples import PICTURES
from tests.support.training import CONFIG, ME, OPTIONS, OTHER, QUIET, Pretended, until
from vae_core.errors import UsageError
from vae_core.models import MODELS, build, specify
from vae_core.training import checkpoints
from vae_core.training.config import TrainConfig
from vae_core.training.recipe import Recipe
from vae_core.training.run_directory import RunDir

RUN: dict[str, Any] = {
    "name": "mine",
    "model": "vae",
    "options": OPTIONS,
    "dataset": "digits",
    "config": CONFIG,
    "device": "cpu",
}


def checked(header: dict[str, Any], limits: Limits) -> Plan:
    return plan(read(RunRequest, header), limits, Shelf(Path(), limits))


class Page(NamedTuple):
    """The routes, and the runs behind them."""

    client: TestClient
    store: Store

    def ask(self, route: str, body: bytes = b"", **header: Any) -> Any:
        of_runs = route.startswith(("train-", "pictures", "data-", "about-runs"))
        content = pack({**({"owner": ME} if of_runs else {}), **header}, body)
        return self.client.post(f"/live/{route}", content=content)

    def told(self, route: str, body: bytes = b"", **header: Any) -> dict[str, Any]:
        reply = self.ask(route, body, **header)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def watch(self, id: str, **header: Any) -> tuple[dict[str, Any], bytes]:
        reply = self.ask("train-watch", id=id, **header)
        assert reply.status_code == 200, reply.text
        length = int.from_bytes(reply.content[:4], "little")
        return json.loads(reply.content[4 : 4 + length]), reply.content[4 + length :]

    def state(self, id: str) -> str:
        return self.watch(id)[0]["state"]


def paged(folder: Path, limits: Limits = QUIET) -> Page:
    store = Store(jobs=Jobs(folder, limits))
    return Page(page_of(store), store)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, str]]:
    """A page with one run that was trained to its end."""
    page = paged(tmp_path_factory.mktemp("runs"))
    with pytest.MonkeyPatch.context() as patch, page.client:
        patch.setattr(process, "spawn", forked.spawn)
        id = page.told("train-start", **RUN)["id"]
        until(lambda: page.state(id) not in ("waiting", "running"))
        assert page.state(id) == "done"
    yield page, id
    page.store.jobs.close()


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page whose trainers only pretend."""
    pretended = Pretended()
    monkeypatch.setattr(process, "spawn", pretended)
    monkeypatch.setattr(supervisor, "LOOK", 1000.0)
    page = paged(tmp_path / "runs")
    with page.client:
        yield page
    page.store.jobs.close()
    for trainer in pretended.processes:
        trainer.kill()


def test_what_can_be_chosen_can_be_started(page: Page) -> None:
    options = page.client.get("/live/train-options").json()
    assert [model["name"] for model in options["models"]] == list(MODELS)
    plain = {field["name"]: field["default"] for field in options["config"]}
    for model in options["models"]:
        defaults = {name: option["default"] for name, option in model["options"].items()}
        run = {"model": model["name"], "options": defaults, "dataset": "digits", "config": plain}
        checked = page.told("train-check", **run)
        assert checked["epochs"] == (0 if model["name"] == "pca" else plain["epochs"])
        assert model["label"]
        assert model["variational"] == MODELS[model["name"]].has_prior
        assert checked["parameters"] > 0 and "python -m vae_core train" in checked["command"]
    assert options["devices"][0]["name"] == "auto" and "CPU" in options["devices"][-1]["label"]
    assert options["datasets"][0] == {
        "name": "digits",
        "label": downloads.offered()["digits"].title,
        "present": True,
        "downloadable": False,
        "images": 1200,
    }
    assert options["limits"]["at_once"] == 1 and options["limits"]["minutes"] is None


def test_every_preset_can_be_started_on_a_hosted_page(page: Page) -> None:
    found = page.client.get("/live/train-options").json()["presets"]
    assert len(found) == 6
    assert len({preset["key"] for preset in found}) == len(found)
    for preset in found:
        assert preset["sentence"].endswith(".") and 1 <= len(preset["runs"]) <= 2
        for run in preset["runs"]:
            checked({**run, "dataset": "digits"}, HOSTED)


def test_a_hosted_page_trains_no_giants() -> None:
    checked(RUN, HOSTED)
    for changes, words in (
        ({"options": {"width": 2048, "depth": 4}}, "parameters"),
        ({"config": {"epochs": 10_000}}, "images"),
    ):
        checked({**RUN, **changes}, OPEN)
        with pytest.raises(UsageError, match=words):
            checked({**RUN, **changes}, HOSTED)


def test_a_run_tells_all_there_is_to_see(trained: tuple[Page, str]) -> None:
    page, id = trained
    header, body = page.watch(id, line=0, preview=None)
    assert header["epoch"] == header["epochs"] == CONFIG["epochs"]
    epochs = [line for line in header["lines"] if line["kind"] == "epoch"]
    assert [line["epoch"] for line in epochs] == [1, 2, 3] and epochs[-1] == header["last"]
    assert {"train_rate", "held_out_rate", "held_out_distortion"} <= set(epochs[-1])
    assert {"originals", "reconstructions", "samples", "sheet", "codes"} <= set(header["shapes"])
    sizes = {"uint8": 1, "float32": 4}
    counts = [sizes[kind] * int(np.prod(shape)) for kind, shape in header["shapes"].values()]
    assert sum(counts) == len(body)
    again, nothing = page.watch(id, line=len(header["lines"]), preview=header["preview"])
    assert again["lines"] == [] and again["from"] == len(header["lines"]) and nothing == b""
    assert not again["reset"] and again["preview"] == header["preview"]
    assert page.watch(id, preview=2**53 - 1)[1] == b""  # for who wants curves alone
    (listed,) = page.told("train-runs")["runs"]
    assert listed["name"] == "mine" and listed["latent_dim"] == 2
    assert listed == {key: header[key] for key in listed}
    assert page.told("train-runs", owner=OTHER)["runs"] == []


def test_lines_that_were_taken_back_are_told_again(page: Page) -> None:
    id = page.told("train-start", **RUN)["id"]
    files: RunDir = page.store.jobs.get(ME, id).files
    for epoch in range(2500):
        files.append("progress", epoch=epoch / 1000, train_rate=float("nan"))
    first, _ = page.watch(id, line=0)
    assert len(first["lines"]) == 2000 and first["lines"][0]["train_rate"] is None
    rest, _ = page.watch(id, line=2000, resumed=first["resumed"])
    assert rest["from"] == 2000 and len(rest["lines"]) == 500 and not rest["reset"]
    files.resume(1)
    for epoch in range(2000):
        files.append("progress", epoch=1 + epoch / 1000, train_rate=float("inf"))
    anew, _ = page.watch(id, line=2500, resumed=rest["resumed"])
    assert anew["reset"] and anew["from"] == 0 and len(anew["lines"]) == 2000
    short, _ = page.watch(id, line=10_000)
    assert short["reset"]


def test_the_model_of_a_run_is_in_every_tab(trained: tuple[Page, str]) -> None:
    page, id = trained
    (facts,) = page.told("about-runs")["models"]
    name = facts["name"]
    assert name == f"run:{id}" and facts["label"] == "mine" and facts["run"] == id
    assert facts["command"].endswith("--out mine.safetensors")
    assert facts["colour"] == LOOKS["vae-20"].colour
    assert facts["hollow"] and facts["mark"] in MARKS.values() and facts["code"] == 2
    assert page.told("about-runs", owner=OTHER)["models"] == []
    assert name not in [model["name"] for model in fact(page.client, "about").json()["models"]]
    assert page.ask("model-decode", bytes(8), model=name, count=1).status_code == 200
    for each in ("map", "density", "trained-on", "latents", "atlas-latents"):
        assert fact(page.client, each, name).status_code == 200, each
    for model, beside in ((name, False), ("vae-20", True)):  # pixels are those of MNIST's digits
        content = fact(page.client, "atlas", model, "first").content
        assert (
            json.loads(content[4 : 4 + int.from_bytes(content[:4], "little")])["pixels"] == beside
        )
    about, _ = unpack(fact(page.client, "map", name).content)
    assert about["codes"]["count"] == 300  # the test images of its data set


def test_a_model_that_learned_more_is_not_mistaken_for_itself(trained: tuple[Page, str]) -> None:
    page, id = trained
    name = f"run:{id}"
    before = fact(page.client, "map", name).content
    (facts,) = page.told("about-runs")["models"]
    checksum = page.store.get(name).checksum
    files = page.store.jobs.get(ME, id).files
    checkpoints.save_checkpoint(
        files.checkpoint, build(files.recipe().model, seed=5), files.recipe(), {}
    )
    assert page.store.get(name).checksum != checksum
    assert fact(page.client, "map", name).content != before
    files.write_status("running")  # it goes on, and what it has learnt can still be chosen
    (again,) = page.told("about-runs")["models"]
    files.write_status("done")
    assert again["name"] == name and again["version"] != facts["version"]


def test_weights_go_out_and_come_back(
    trained: tuple[Page, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, id = trained
    weights = page.ask("train-file", id=id).content
    loaded = page.told("train-upload", weights, name="loaded")["id"]
    runs = {run["id"]: run for run in page.told("train-runs")["runs"]}
    assert runs[loaded]["state"] == "done"
    assert runs[loaded]["colour"] == LOOKS["vae-20"].colour  # that of its kind
    assert runs[loaded]["sentence"].startswith("loaded.safetensors holds the weights")
    shown = page.store.jobs.get(ME, loaded).files.preview()
    assert shown["sheet"].shape == page.store.jobs.get(ME, id).files.preview()["sheet"].shape
    assert "labels" not in shown  # they are found again with its data set
    assert page.watch(loaded)[0]["drawing"]
    assert runs[loaded]["parameters"] == runs[id]["parameters"]
    assert page.ask("train-file", id=loaded).content == weights
    assert page.told("train-wish", id=loaded, wish="delete") == {"id": loaded, "state": "deleted"}
    refused(page.ask("train-file", id=loaded))
    refused(fact(page.client, "latents", f"run:{loaded}"))

    (tmp_path / "model.safetensors").write_bytes(weights)
    (tmp_path / "picture.jpg").write_bytes(PICTURES["a photo"])
    script = page.client.get("/live/train-script").json()["script"]
    code = [line for line in script.partition('"""\n\n')[2].splitlines() if line]
    assert len([line for line in code if "import" not in line]) <= 10
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["use_model.py", "model.safetensors", "picture.jpg"])
    runpy.run_path(str(USE_MODEL))
    assert (tmp_path / "reconstruction.png").exists()


def test_wishes_come_true(page: Page) -> None:
    first = page.told("train-start", **RUN)
    second = page.told("train-start", **RUN)
    assert first["position"] is None and second["position"] == 1
    files = page.store.jobs.get(ME, first["id"]).files
    for wish in ("pause", "step", "resume"):
        page.told("train-wish", id=first["id"], wish=wish)
        assert files.requested_action() == wish.replace("resume", "run")
    again = page.told("train-wish", id=second["id"], wish="rewind")
    assert again["id"] != second["id"] and again["state"] == "waiting"
    assert page.state(second["id"]) == "stopped"
    refused(page.ask("train-file", id=first["id"]))  # nothing is learnt yet


HOSTILE: dict[str, dict[str, Any]] = {
    "no owner": {"owner": None},
    "a short owner": {"owner": "me"},
    "an owner that is a path": {"owner": "../../../etc/passwd"},
    "a name that is too long": {"name": "x" * 41},
    "a name of two lines": {"name": "x\ny"},
    "a name that is a list": {"name": ["x"]},
    "no model": {"model": None},
    "an unknown model": {"model": "vea"},
    "a model that is a list": {"model": ["vae"]},
    "options that are a list": {"options": [2]},
    "an unknown option": {"options": {"latent_dims": 2}},
    "a latent size of nothing": {"options": {"latent_dim": 0}},
    "a latent size of 100,000": {"options": {"latent_dim": 100_000}},
    "half a number": {"options": {"latent_dim": 2.5}},
    "another picture's shape": {"options": {"image_shape": [1, 256, 256]}},
    "pictures in colour": {"model": "conv", "options": {"out_channels": 3}},
    "another task": {"model": "conv", "config": {"task": "segment"}},
    "an unknown data set": {"dataset": "imagenet"},
    "a path for a data set": {"dataset": "/etc"},
    "a data set that is not here": {"dataset": "kmnist"},
    "a data set in colour": {"dataset": "cifar10"},
    "a data set of 26 classes": {"dataset": "letters"},
    "no epochs": {"config": {"epochs": 0}},
    "a thousand million epochs": {"config": {"epochs": 10**9}},
    "a batch of nothing": {"config": {"batch_size": 0}},
    "a learning rate in words": {"config": {"learning_rate": "fast"}},
    "an endless learning rate": {"config": {"learning_rate": 10**400}},
    "a negative beta": {"config": {"beta": -1}},
    "an unknown setting": {"config": {"epoch": 3}},
    "an unknown noise": {"config": {"noise": ["static"], "noise_max": 0.5}},
    "a noise that is a word": {"config": {"noise": "gaussian"}},
    "very many noises": {"config": {"noise": ["gaussian"] * 17}},
    "an unknown likelihood": {"config": {"likelihood": {"a": 1}}},
    "an unknown device": {"device": "tpu"},
    "a device that is a list": {"device": ["cpu"]},
}


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_a_run_that_cannot_be_is_refused_with_a_sentence(
    page: Page, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VAE_DATA_DIR", str(tmp_path))
    refused(page.ask("train-start", **(RUN | changes)))
    assert page.told("train-runs")["runs"] == []


def test_a_learning_rate_that_is_no_number_is_refused(page: Page) -> None:
    for constant in ("NaN", "Infinity", "1e999"):
        whole = pack({"owner": ME, **RUN, "config": {"learning_rate": 0.125}})
        altered = whole.replace(b"0.125", constant.encode())[4:]
        message = len(altered).to_bytes(4, "little") + altered
        refused(page.client.post("/live/train-start", content=message))


WATCHES: dict[str, tuple[str, dict[str, Any]]] = {
    "no id": ("train-watch", {}),
    "an id that is a path": ("train-watch", {"id": "../x"}),
    "a run of nobody": ("train-watch", {"id": "x" * 22}),
    "a negative line": ("train-watch", {"line": -1}),
    "a line that is a word": ("train-watch", {"line": "first"}),
    "a version that is a word": ("train-watch", {"preview": "new"}),
    "no wish": ("train-wish", {}),
    "an unknown wish": ("train-wish", {"wish": "explode"}),
    "a wish that is a list": ("train-wish", {"wish": ["stop"]}),
    "a file of nobody": ("train-file", {"id": None}),
    "another's run": ("train-wish", {"owner": OTHER, "wish": "stop"}),
    "another's weights": ("train-file", {"owner": OTHER}),
    "another's curves": ("train-watch", {"owner": OTHER}),
    "runs of no one": ("train-runs", {"owner": 7}),
    "models of no one": ("about-runs", {"owner": None}),
    "an unknown data set": ("data-get", {"name": "imagenet"}),
    "a data set that is a list": ("data-get", {"name": ["mnist"]}),
    "an empty file": ("train-upload", {"name": ""}),
    "a model of nobody": ("model-decode", {"model": "run:" + "x" * 22, "count": 1}),
    "a model that is a path": (
        "model-decode",
        {"model": "run:../../checkpoints/vae-2", "count": 1},
    ),
    "no model at all": ("model-decode", {"model": "run:", "count": 1}),
}


@pytest.mark.parametrize("case", WATCHES.values(), ids=WATCHES)
def test_a_question_that_cannot_be_answered_is_refused(
    page: Page, case: tuple[str, dict[str, Any]]
) -> None:
    id = page.told("train-start", **RUN)["id"]
    route, header = case
    if route in ("train-watch", "train-wish", "train-file") and header:
        header = {"id": id, **header}
    refused(page.ask(route, **header))


def test_a_model_that_draws_in_colour_is_not_compared_with_grey_pictures(
    page: Page, tmp_path: Path
) -> None:
    what = Recipe(specify("conv", latent_dim=2, width=2), config=TrainConfig(task="colour"))
    weights = checkpoints.packed("colour.safetensors", build(what.model), what, {})
    said = refused(page.ask("train-upload", weights, name="painter"))
    assert said.startswith("painter.safetensors is a model that draws pictures in colour")
    (tmp_path / "colour.safetensors").write_bytes(weights)
    with pytest.raises(UsageError, match="'colour' draws pictures in colour of grey ones"):
        Store(tmp_path, page.store.jobs).get("colour")


def test_a_hostile_file_is_refused_with_a_sentence(page: Page) -> None:
    said = refused(page.ask("train-upload", b"PK\3\4" + bytes(1000), name="holidays"))
    assert said.startswith("holidays.safetensors is damaged or is not a checkpoint")
    refused(page.ask("train-upload", b"\x80\x04cposix\nsystem\n."))
    assert "too large" in refused(page.ask("train-upload", bytes(LARGEST_MODEL + 10_000)))


def test_random_alterations_never_crash_the_routes(page: Page) -> None:
    chance = random.Random(0)
    id = page.told("train-start", **RUN)["id"]
    for route, header in {
        "train-check": RUN,
        "train-watch": {"id": id, "line": 0, "preview": None},
        "train-wish": {"id": id, "wish": "pause"},
    }.items():
        whole = pack({"owner": ME, **header})
        for _ in range(60):
            altered = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                altered[chance.randrange(len(altered))] = chance.randrange(256)
            reply = page.client.post(f"/live/{route}", content=bytes(altered))
            assert reply.status_code in (200, 400), (route, bytes(altered))


def test_a_download_that_fails_says_why(
    page: Page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VAE_DATA_DIR", str(tmp_path))
    gate = tmp_path / "gate"
    script = f"""
import os, sys, time
while not os.path.exists({str(gate)!r}):
    time.sleep(0.01)
print('No network here.', file=sys.stderr)
sys.exit(2)"""
    monkeypatch.setattr(downloads, "COMMAND", (sys.executable, "-c", script))
    monkeypatch.setattr(downloads, "DOWNLOADS", downloads.Downloads())
    assert page.told("data-get", name="digits")["state"] == "done"
    assert page.told("data-get", name="mnist", start=False)["state"] == "idle"
    states = [page.told("data-get", name="mnist")]
    gate.touch()
    until(
        lambda: (
            states.append(page.told("data-get", name="mnist")) or states[-1]["state"] != "loading"
        )
    )
    assert states[0]["state"] == "loading" and states[0]["total_bytes"] > 10**7
    assert states[-1]["state"] == "failed" and states[-1]["sentence"] == "No network here."
