"""Atlases: made from small real digits, read back, refused when damaged or stale, and shipped."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from vae_core import types
from vae_core.__main__ import main
from vae_core.data import datasets
from vae_core.data.datasets import Pictures
from vae_core.errors import UsageError
from vae_core.evaluation import atlas, atlas_making, classifier
from vae_core.evaluation.atlas import Atlas
from vae_core.latent.embedding import map_accuracy, pca, trustworthiness
from vae_core.latent.importance import kl_per_latent
from vae_core.latent.sampling import fit_gaussian, standard_normal
from vae_core.latent.tsne_steps import TsneSettings
from vae_core.models import inference
from vae_core.training import checkpoints

SHIPPED = Path(__file__).parent.parent.parent / "checkpoints"
NAMES = sorted(path.stem for path in SHIPPED.glob("*.safetensors"))
FLAT = TsneSettings(iterations=30, early_iterations=30)
QUICK = {"tsne": FLAT, "tsne3": replace(FLAT, dims=3)}
MODELS = {"pca": ("pca", "5", "0"), "vae": ("vae", "4", "1"), "flat": ("vae", "2", "1")}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of small checkpoints: without a prior, with one, and with two numbers a code."""
    folder = tmp_path_factory.mktemp("checkpoints")
    for name, (model, length, epochs) in MODELS.items():
        words = ["train", model, "--latent-dim", length, "--data", "digits", "--epochs", epochs]
        words += ["--width", "32", "--depth", "1"] if model == "vae" else []
        assert main([*words, "--out", str(folder / f"{name}.safetensors")]) == 0
    return folder


@pytest.fixture(scope="module")
def embedded(trained: Path) -> Path:
    """The same folder, with atlases beside the checkpoints."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atlas_making, "MAPS", QUICK)
        assert main(["embed", "--data", "digits", "--folder", str(trained)]) == 0
    return trained / "atlas"


def digits(split: str) -> Pictures:
    return datasets.load("digits", split)


def same(one: Atlas, two: Atlas) -> bool:
    """Whether two atlases hold the same, to the last bit."""
    return (
        (one.name, one.about) == (two.name, two.about)
        and list(one.maps) == list(two.maps)
        and all(
            np.array_equal(a, b) and getattr(a, "dtype", None) == getattr(b, "dtype", None)
            for a, b in zip(
                [one.labels, one.latents, one.kl, one.train, *one.maps.values()],
                [two.labels, two.latents, two.kl, two.train, *two.maps.values()],
                strict=True,
            )
        )
    )


def test_embed_makes_an_atlas_of_each_checkpoint_and_of_the_pixels(embedded: Path) -> None:
    files = {path.stem for path in embedded.iterdir()}
    assert files == {*MODELS, "pixels"}
    for name, (_, length, _) in MODELS.items():
        found = atlas.load(embedded / f"{name}.npz")
        model = checkpoints.load_checkpoint(embedded.parent / f"{name}.safetensors").model
        latents = inference.encode(model, types.to_floats(digits("test").images)).numpy()
        np.testing.assert_allclose(found.latents, latents, rtol=1e-3, atol=1e-3)
        assert found.latents.shape == (300, int(length))
        np.testing.assert_array_equal(found.labels, digits("test").labels)
        assert (found.labels.dtype, found.latents.dtype) == (np.uint8, np.float32)
        assert found.about["dataset"] == "digits" and found.about["n"] == 300


def test_a_code_of_two_numbers_comes_with_all_training_latents_instead_of_maps(
    embedded: Path,
) -> None:
    flat = atlas.load(embedded / "flat.npz")
    assert not flat.maps
    model = checkpoints.load_checkpoint(embedded.parent / "flat.safetensors").model
    every = inference.encode(model, types.to_floats(digits("all").images)).numpy()
    assert flat.train is not None
    np.testing.assert_allclose(flat.train, every, rtol=1e-3, atol=1e-3)


def test_longer_latents_have_a_flat_map_and_one_in_space(embedded: Path) -> None:
    for name in ("pca", "vae", "pixels"):
        found = atlas.load(embedded / f"{name}.npz")
        assert found.train is None
        assert {name: places.shape for name, places in found.maps.items()} == {
            "tsne": (300, 2),
            "tsne3": (300, 3),
        }


def test_the_numbers_are_those_of_what_the_file_holds(embedded: Path) -> None:
    found = atlas.load(embedded / "vae.npz")
    about, points = found.about, found.maps["tsne"]
    assert about["trustworthiness"]["tsne"] == round(trustworthiness(found.latents, points, 15), 4)
    assert about["knn_accuracy"]["tsne"] == round(map_accuracy(points, found.labels, 15), 4)
    assert about["knn_accuracy"]["codes"] == round(
        map_accuracy(found.latents, found.labels, 15), 4
    )
    assert about["k"] == 15 and about["opentsne"] and about["seed"] == 0
    assert about["settings"]["tsne3"]["dims"] == 3
    assert 0 < about["kl"]["tsne3"] < about["kl"]["tsne"]
    assert about["continuity"]["p99"] > about["continuity"]["mean"] > 0
    assert about["completeness"] is None  # there is no classifier in this folder


def test_only_a_model_with_a_prior_has_the_kl_of_each_latent(embedded: Path) -> None:
    assert atlas.load(embedded / "pca.npz").kl is None
    assert atlas.load(embedded / "pixels.npz").kl is None
    kl = atlas.load(embedded / "vae.npz").kl
    assert kl is not None
    model = checkpoints.load_checkpoint(embedded.parent / "vae.safetensors").model
    images = types.to_floats(digits("test").images)
    np.testing.assert_allclose(kl, kl_per_latent(model, images), rtol=1e-5)


def test_the_atlas_of_the_pixels_is_their_components(embedded: Path) -> None:
    found = atlas.load(embedded / "pixels.npz")
    expected = pca(digits("test").images.flatten(1) / 255, 50)
    np.testing.assert_allclose(found.latents, expected, rtol=1e-3, atol=1e-3)


def test_completeness_is_of_the_prior_or_else_of_the_latents(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_from = {}
    monkeypatch.setattr(atlas_making, "MAPS", QUICK)

    def asked(model: object, gaussian: object, classifier: object) -> float:
        drawn_from[type(model).__name__] = gaussian
        return 0.123456

    monkeypatch.setattr(atlas_making, "completeness", asked)
    for name in ("pca", "vae"):
        checkpoint = checkpoints.load_checkpoint(trained / f"{name}.safetensors")
        made = atlas_making.make(checkpoint, digits("test"), digits("all"), classifier.network())
        assert made.about["completeness"] == 0.1235
        expected = (
            standard_normal(4) if name == "vae" else fit_gaussian(torch.from_numpy(made.latents))
        )
        for one, two in zip(drawn_from[type(checkpoint.model).__name__], expected, strict=True):
            torch.testing.assert_close(one, two)


def test_a_model_without_an_atlas_gets_a_plain_one(trained: Path) -> None:
    checkpoint = checkpoints.load_checkpoint(trained / "vae.safetensors")
    plain = atlas_making.of_pictures(checkpoint, digits("test"))
    assert plain.name == "vae" and not plain.maps and plain.train is None
    assert plain.kl is not None and plain.about["checksum"] == checkpoint.checksum
    assert len(plain.latents) == len(plain.labels) == plain.about["n"] == 300


def test_an_atlas_is_read_as_it_was_saved(embedded: Path, tmp_path: Path) -> None:
    for path in embedded.iterdir():
        found = atlas.load(path)
        atlas.save(tmp_path / "new", found)
        assert same(found, atlas.load(tmp_path / "new" / path.name))
        assert (tmp_path / "new" / path.name).read_bytes() == path.read_bytes()


def test_codes_and_maps_are_stored_in_half_precision(embedded: Path) -> None:
    with np.load(embedded / "vae.npz") as file:
        kinds = {name: str(file[name].dtype) for name in ("labels", "codes", "map_tsne")}
    assert kinds == {"labels": "uint8", "codes": "float16", "map_tsne": "float16"}


def test_codes_too_large_for_half_precision_are_kept_whole(tmp_path: Path) -> None:
    large = np.array([[1e6, 1.23456789], [0, 1]], dtype=np.float32)
    assert np.array_equal(atlas.rounded(large), large)
    about = {"format": 1, "checksum": "", "n": 2}
    one = Atlas("x", np.zeros(2, np.uint8), large, {}, None, None, about)
    atlas.save(tmp_path, one)
    assert same(one, atlas.load(tmp_path / "x.npz"))


def test_embed_leaves_what_is_fresh_and_makes_what_is_not(
    embedded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atlas_making, "MAPS", QUICK)
    words = ["embed", "--data", "digits", "--folder", str(embedded.parent)]
    before = {path: path.stat().st_mtime_ns for path in embedded.iterdir()}
    contents = {path: path.read_bytes() for path in embedded.iterdir()}
    capsys.readouterr()
    assert main(words) == 0
    assert "are fresh" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in embedded.iterdir()} == before
    (embedded / "flat.npz").write_bytes(b"damaged")
    assert main(words) == 0
    said = capsys.readouterr().out
    assert said.startswith("flat {'n': 300") and len(said.splitlines()) == 1
    assert main([*words, "pixels"]) == 0
    assert capsys.readouterr().out.startswith("pixels {")
    # The same weights and seed give the same bytes, so nothing changes in the repository.
    assert {path: path.read_bytes() for path in embedded.iterdir()} == contents


def test_an_atlas_of_other_weights_is_noticed(embedded: Path, tmp_path: Path) -> None:
    first = checkpoints.load_checkpoint(embedded.parent / "vae.safetensors")
    path = embedded / "vae.npz"
    assert atlas.load(path, first.checksum).about["checksum"] == first.checksum
    with torch.no_grad():
        next(first.model.parameters()).add_(0.1)
    checkpoints.save_checkpoint(tmp_path / "vae.safetensors", first.model, first.recipe, {})
    retrained = checkpoints.load_checkpoint(tmp_path / "vae.safetensors")
    with pytest.raises(UsageError, match=r"made from other weights.*embed vae` makes it again"):
        atlas.load(path, retrained.checksum)
    assert not atlas.is_fresh(path, retrained.checksum, "digits")
    assert not atlas.is_fresh(path, first.checksum, "mnist")
    assert atlas.is_fresh(path, first.checksum, "digits")


def test_a_missing_atlas_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no atlas at .*embed gone` makes it again"):
        atlas.load(tmp_path / "gone.npz")


def test_an_atlas_of_another_format_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "new.npz", about=json.dumps({"format": 2}))
    with pytest.raises(UsageError, match="atlas format 2, and this version reads format 1"):
        atlas.load(tmp_path / "new.npz")


def test_a_damaged_atlas_is_refused_whatever_the_damage(embedded: Path, tmp_path: Path) -> None:
    whole = (embedded / "flat.npz").read_bytes()
    rng = np.random.default_rng(0)
    damaged = [b"", b"PK", rng.bytes(500), whole[: len(whole) // 2], whole[:-1], whole[40:]]
    for where in rng.integers(0, len(whole), size=150):
        damaged.append(whole[:where] + bytes([whole[where] ^ 0xFF]) + whole[where + 1 :])
    refused = 0
    for content in damaged:
        (tmp_path / "x.npz").write_bytes(content)
        try:
            read = atlas.load(tmp_path / "x.npz")
        except UsageError as error:
            assert "damaged" in str(error) or "format" in str(error)
            refused += 1
        else:  # only a byte that says nothing, such as a date, may be altered unnoticed
            expected = atlas.load(embedded / "flat.npz")
            assert same(read, expected._replace(name="x"))
    assert refused > 100


@pytest.mark.parametrize("part", ["labels", "codes", "map_tsne", "kl", "about"])
def test_parts_that_do_not_fit_together_are_refused(
    part: str, embedded: Path, tmp_path: Path
) -> None:
    with np.load(embedded / "vae.npz") as file:
        parts = dict(file)
    for wrong in (np.zeros((7, 9), np.float32), np.full(parts[part].shape, np.nan), None):
        altered = parts | {part: wrong} if wrong is not None else dict(parts)
        if wrong is None and part in ("kl", "map_tsne"):
            continue  # may be absent
        if wrong is None:
            del altered[part]
        np.savez(tmp_path / "x.npz", **altered)
        with pytest.raises(UsageError, match="damaged"):
            atlas.load(tmp_path / "x.npz")


def test_a_part_under_another_name_is_refused(embedded: Path, tmp_path: Path) -> None:
    """A byte of a name may be altered too: without this, the part would be taken for absent."""
    with np.load(embedded / "vae.npz") as file:
        parts = dict(file)
    np.savez(tmp_path / "x.npz", **{"kk" if name == "kl" else name: parts[name] for name in parts})
    with pytest.raises(UsageError, match="damaged"):
        atlas.load(tmp_path / "x.npz")


class Evil:
    def __reduce__(self) -> tuple:
        return print, ("gotcha",)


def test_a_file_cannot_run_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    about = json.dumps({"format": 1})
    np.savez(tmp_path / "evil.npz", about=about, labels=np.array([Evil()], dtype=object))
    with pytest.raises(UsageError, match="damaged"):
        atlas.load(tmp_path / "evil.npz")
    assert "gotcha" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["vaa"], "No checkpoint is called 'vaa'. Did you mean 'vae'?"),
        (["vae", "--data", "mnits"], "Did you mean 'mnist'"),
    ],
)
def test_a_wrong_command_is_one_sentence(
    words: list[str], message: str, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["embed", *words, "--folder", str(trained)]) == 2
    said = capsys.readouterr().err
    assert message in said and "Traceback" not in said


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_checkpoint_has_an_atlas_of_its_own_weights(name: str) -> None:
    checkpoint = checkpoints.load_checkpoint(SHIPPED / f"{name}.safetensors")
    found = atlas.load(SHIPPED / "atlas" / f"{name}.npz", checkpoint.checksum)
    assert found.about["dataset"] == "mnist"
    assert found.latents.shape[1] == checkpoint.model.latent_dim
    if checkpoint.model.latent_dim > 2:
        assert found.latents.shape[0] == 5_000 and list(found.maps) == ["tsne", "tsne3"]
        assert found.about["trustworthiness"]["tsne"] > 0.9
    else:
        assert found.latents.shape == (10_000, 2)
        assert found.train is not None and found.train.shape == (60_000, 2)
    assert 0 <= found.about["completeness"] <= 1


def test_the_shipped_atlases_are_of_the_same_images_and_small() -> None:
    files = sorted((SHIPPED / "atlas").iterdir())
    assert [path.stem for path in files] == sorted([*NAMES, "pixels"])
    assert sum(path.stat().st_size for path in files) < 8e6
    first = atlas.load(SHIPPED / "atlas" / "pixels.npz").labels
    for path in files:
        np.testing.assert_array_equal(atlas.load(path).labels[:5_000], first)
