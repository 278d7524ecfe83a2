"""The page without a browser: its routes with friendly and hostile requests, and its handlers."""

import io
import json
import random
import socket
import subprocess
import sys
from base64 import b64encode
from math import isinf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import parse
from playground import assets, compare, figures, live, text
from playground.layout import build_app
from playground.looks import DEFAULT_CARDS, LOOKS, MARKS, look_of
from playground.serve import serve
from playground.shared import Store
from playground.tabs import TABS, reconstruct
from playground.wire import pack, unpack
from vae_core.corruption import CORRUPTIONS
from vae_core.drawing import to_digit
from vae_core.errors import UsageError
from vae_core.strokes import draw, example_digits

INK = draw(example_digits()[5].strokes, size=100)
QUIET = {"kind": "gaussian", "strength": 0.0, "seed": 1}
LOUD = {"kind": "gaussian", "strength": 0.5, "seed": 1}


@pytest.fixture(scope="module")
def store() -> Store:
    return Store()


@pytest.fixture(scope="module")
def client(store: Store) -> TestClient:
    return TestClient(Starlette(routes=[*live.routes(store), assets.route()]))


def header(**changes: Any) -> dict[str, Any]:
    plain = {"width": 100, "height": 100, "models": list(DEFAULT_CARDS)}
    return {**plain, "noise": QUIET, "sample": None, **changes}


def message(**changes: Any) -> bytes:
    return pack(header(**changes), INK.tobytes())


def views(reply: bytes) -> tuple[dict[str, Any], list[np.ndarray]]:
    """The header of a reply, and its pictures: clean, noisy, then one a model."""
    about, body = unpack(reply)
    size = about["side"] ** 2
    count = 2 + len(about["models"])
    pictures = np.frombuffer(body[: count * size], np.uint8).reshape(count, size)
    return about, list(pictures)


# --- the live route ---


def test_a_reply_shows_the_digit_that_was_drawn(client: TestClient) -> None:
    reply = client.post("/live/reconstruct", content=message())
    assert reply.status_code == 200
    _, (clean, noisy, *_) = views(reply.content)
    assert np.array_equal(clean, to_digit(INK).ravel())
    assert np.array_equal(clean, noisy)  # at strength 0


def test_every_number_of_a_reply_is_that_of_its_picture(client: TestClient) -> None:
    about, (clean, noisy, *pictures) = views(
        client.post("/live/reconstruct", content=message(noise=LOUD)).content
    )
    for numbers, picture in zip(
        [about["noisy"], *about["models"]], [noisy, *pictures], strict=True
    ):
        mse = np.mean((picture / 255 - clean / 255) ** 2)
        assert numbers["mse"] == pytest.approx(mse, abs=2e-4)  # pictures are rounded to 8 bits
        assert numbers["psnr"] == pytest.approx(-10 * np.log10(numbers["mse"]))


def test_a_reply_ends_with_the_codes(client: TestClient, store: Store) -> None:
    about, body = unpack(client.post("/live/reconstruct", content=message()).content)
    numbers = np.frombuffer(body[(2 + len(DEFAULT_CARDS)) * about["side"] ** 2 :], "<f4")
    digit = torch.from_numpy(to_digit(INK))[None, None] / 255
    at = 0
    for model in about["models"]:
        code = store.get(model["name"]).model.encode(digit)[0].numpy()
        np.testing.assert_allclose(numbers[at : at + model["code"]], code, rtol=1e-4, atol=1e-5)
        at += model["code"] * (3 if model["cloud"] else 1)
    assert at == len(numbers)


def test_the_same_request_has_the_same_reply(client: TestClient) -> None:
    first = client.post("/live/reconstruct", content=message(noise=LOUD, sample=7)).content
    torch.rand(100)  # someone else uses the global generator
    client.post("/live/reconstruct", content=message(noise=LOUD, sample=8))
    assert client.post("/live/reconstruct", content=message(noise=LOUD, sample=7)).content == first


def test_another_noise_seed_is_another_picture_of_the_same_digit(client: TestClient) -> None:
    def pictures(seed: int) -> list[np.ndarray]:
        noise = {**LOUD, "seed": seed}
        return views(client.post("/live/reconstruct", content=message(noise=noise)).content)[1]

    first, second = pictures(1), pictures(2)
    assert np.array_equal(first[0], second[0])
    assert not np.array_equal(first[1], second[1])


def test_sampling_changes_variational_models_and_no_others(
    client: TestClient, store: Store
) -> None:
    mean = views(client.post("/live/reconstruct", content=message()).content)
    drawn = views(client.post("/live/reconstruct", content=message(sample=3)).content)
    for i, model in enumerate(drawn[0]["models"]):
        changed = not np.array_equal(mean[1][2 + i], drawn[1][2 + i])
        assert changed == model["sampled"] == model["cloud"]
    assert any(model["sampled"] for model in drawn[0]["models"])


def test_no_models_is_a_fair_request(client: TestClient) -> None:
    about, pictures = views(client.post("/live/reconstruct", content=message(models=[])).content)
    assert about["models"] == [] and len(pictures) == 2


def test_about_names_every_model_and_every_noise(client: TestClient, store: Store) -> None:
    about = client.get("/live/about").json()
    assert [model["name"] for model in about["models"]] == store.names
    assert [noise["name"] for noise in about["noises"]] == list(CORRUPTIONS)


HOSTILE: dict[str, dict[str, Any]] = {
    "no width": {"width": None},
    "a width of nothing": {"width": 0},
    "a negative height": {"height": -100},
    "a width that is no number": {"width": "100"},
    "a width that is a yes": {"width": True},
    "too large": {"width": 10_000, "height": 1},
    "more than there is": {"width": 101},
    "models as a word": {"models": "vanilla-32"},
    "an unknown model": {"models": ["vanila-32"]},
    "a path for a model": {"models": ["../../etc/passwd"]},
    "a list for a model": {"models": [["vanilla-32"]]},
    "one model many times": {"models": ["vanilla-32"] * 5},
    "very many models": {"models": ["vanilla-32"] * 300},
    "no noise": {"noise": None},
    "an unknown noise": {"noise": {**QUIET, "kind": "static"}},
    "a noise that cannot be a key": {"noise": {**QUIET, "kind": {"a": 1}}},
    "a strength beyond 1": {"noise": {**QUIET, "strength": 1.5}},
    "a strength that is a word": {"noise": {**QUIET, "strength": "high"}},
    "a seed with a fraction": {"noise": {**QUIET, "seed": 1.5}},
    "a negative seed": {"noise": {**QUIET, "seed": -1}},
    "an endless seed": {"noise": {**QUIET, "seed": 10**30}},
    "a sample seed that is a word": {"sample": "again"},
    "a sample seed that is too large": {"sample": 2**31},
}


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_request_is_refused_with_a_sentence(
    client: TestClient, changes: dict[str, Any]
) -> None:
    refused(client.post("/live/reconstruct", content=message(**changes)))


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_a_strength_that_is_no_number_is_refused(client: TestClient, constant: str) -> None:
    header_text = json.dumps(header()).replace('"strength": 0.0', f'"strength": {constant}')
    packed = len(header_text).to_bytes(4, "little") + header_text.encode() + INK.tobytes()
    refused(client.post("/live/reconstruct", content=packed))


def test_an_empty_canvas_is_refused_kindly(client: TestClient) -> None:
    reply = client.post("/live/reconstruct", content=pack(header(), bytes(100 * 100)))
    assert "empty" in refused(reply)


def test_a_request_that_is_too_long_is_refused(client: TestClient) -> None:
    assert "too large" in refused(client.post("/live/reconstruct", content=bytes(100_000)))


def test_random_alterations_never_crash_the_route(client: TestClient) -> None:
    chance = random.Random(0)
    whole = message(noise=LOUD, models=["vanilla-32"])
    for _ in range(150):
        altered = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            altered[chance.randrange(min(len(altered), 260))] = chance.randrange(256)
        cut = altered[: chance.choice([len(altered), chance.randrange(len(altered))])]
        assert client.post("/live/reconstruct", content=bytes(cut)).status_code in (200, 400)


def refused(reply: Any) -> str:
    assert reply.status_code == 400
    sentence = reply.json()["error"]
    assert len(sentence) > 20 and sentence.endswith(".") and "Traceback" not in sentence
    return sentence


# --- pictures ---


def as_file(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photo(mode: str = "RGB") -> Image.Image:
    """A dark digit on light paper."""
    return Image.fromarray(255 - draw(example_digits()[5].strokes, size=200)).convert(mode)


PICTURES = {
    "a photo": as_file(photo(), "JPEG"),
    "grey": as_file(photo("L")),
    "CMYK": as_file(photo("CMYK"), "JPEG"),
    "16 bits": as_file(Image.fromarray(np.asarray(photo("L")).astype(np.uint16) * 257)),
    "transparent": as_file(
        Image.merge(
            "LA",
            [
                Image.new("L", (200, 200), 0),
                Image.fromarray(draw(example_digits()[5].strokes, size=200)),
            ],
        )
    ),
    "animated": as_file(photo("P"), "GIF", save_all=True, append_images=[photo("P")]),
}


@pytest.mark.parametrize("file", PICTURES.values(), ids=PICTURES)
def test_the_digit_is_found_in_a_picture(client: TestClient, file: bytes) -> None:
    reply = client.post("/live/picture", content=file)
    assert reply.status_code == 200, reply.text
    about, body = unpack(reply.content)
    found = np.frombuffer(body, np.uint8).reshape(about["height"], about["width"])
    assert np.abs(found / 255 - to_digit(INK) / 255).mean() < 0.04


BAD_PICTURES = {
    "nothing": b"",
    "a word": b"hello",
    "a header and no more": PICTURES["a photo"][:200],
    "blank paper": as_file(Image.new("RGB", (50, 50), "white")),
    "enormous": as_file(Image.new("1", (20_000, 20_000))),
    "a long file": bytes(17 * 2**20),
}


@pytest.mark.parametrize("file", BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_a_bad_picture_is_refused_with_a_sentence(client: TestClient, file: bytes) -> None:
    refused(client.post("/live/picture", content=file))


# --- the plot ---


def request(**changes: Any) -> dict[str, Any]:
    return {**header(**changes), "ink": b64encode(INK.tobytes()).decode()}


def test_the_plot_has_one_line_a_model_and_the_line_to_beat(store: Store) -> None:
    figure = reconstruct.plot(request(noise=LOUD), store)
    assert figure is not None
    names = [trace["name"] for trace in figure.to_dict()["data"]]
    assert names == [figures.NOISY, *(LOOKS[name].label for name in DEFAULT_CARDS)]


def test_there_is_no_plot_of_an_empty_canvas(store: Store) -> None:
    assert reconstruct.plot(None, store) is None


def test_the_plot_refuses_what_the_live_route_refuses(store: Store) -> None:
    with pytest.raises(UsageError):
        reconstruct.plot(request(models=["nobody"]), store)
    with pytest.raises(UsageError):
        reconstruct.plot({**request(), "ink": "no base64"}, store)


def test_the_curves_pass_through_the_numbers_on_the_cards(store: Store) -> None:
    digit = to_digit(INK)
    noise = compare.Noise("salt-and-pepper", 0.35, seed=9)
    models = [store.get(name) for name in DEFAULT_CARDS]
    seen = compare.compare(digit, noise, models)
    curves = compare.psnr_curves(digit, noise, models)
    at = compare.STRENGTHS.index(0.35)
    assert curves[""][at] == pytest.approx(seen.psnr_db)
    for name, view in zip(DEFAULT_CARDS, seen.views, strict=True):
        assert curves[name][at] == pytest.approx(view.psnr_db, abs=1e-3)
    assert isinf(curves[""][0])  # without noise nothing differs


# --- how it is put together ---


def test_the_store_refuses_what_is_not_there(store: Store) -> None:
    with pytest.raises(UsageError, match="Did you mean 'vanilla-32'"):
        store.get("vanila-32")


def test_a_damaged_checkpoint_does_not_take_the_others_down(tmp_path: Path, store: Store) -> None:
    good = store.folder / f"{DEFAULT_CARDS[0]}.safetensors"
    (tmp_path / good.name).write_bytes(good.read_bytes())
    (tmp_path / "broken.safetensors").write_bytes(b"broken")
    facts = {model["name"]: model for model in live.about(Store(tmp_path))["models"]}
    assert "damaged" in facts["broken"]["error"]
    assert "error" not in facts[DEFAULT_CARDS[0]]


def test_no_two_models_look_the_same() -> None:
    looks = [(look.colour, look.mark, look.hollow) for look in LOOKS.values()]
    assert len(set(looks)) == len(LOOKS)
    assert len({look.label for look in LOOKS.values()}) == len(LOOKS)
    assert {look.mark for look in LOOKS.values()} <= set(MARKS)


def test_colours_can_be_told_from_both_backgrounds() -> None:
    for look in LOOKS.values():
        for background in ("#fcfcfb", "#14171a"):
            assert contrast(look.colour, background) >= 3, look.label


def contrast(one: str, other: str) -> float:
    """The contrast of WCAG 2.2, from 1 to 21."""
    dark, light = sorted(luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_model_without_a_look_gets_a_plain_one() -> None:
    assert look_of("mine").label == "mine"


def test_every_term_on_the_cards_is_explained() -> None:
    terms = text.sections("terms")
    markup = (assets.HERE / "components" / "cards.html").read_text(encoding="utf-8")
    for term in {part.split('"')[0] for part in markup.split('data-term="')[1:]} | {
        "cloud",
        "command",
    }:
        assert terms[term].endswith((".", ":")), term


def test_every_tab_says_in_two_sentences_what_to_look_for() -> None:
    for tab in TABS:
        sentences = text.read(tab.title.lower())
        assert sentences.count(". ") == 1 and sentences.endswith("."), tab.title


def test_the_page_is_built_without_loading_a_model(tmp_path: Path) -> None:
    store = Store(tmp_path)
    build_app(store)
    assert store.names == []


def test_scripts_are_served_under_a_name_that_says_their_content(client: TestClient) -> None:
    reply = client.get("/" + assets.url("components/cards.js"))
    assert reply.status_code == 200 and "immutable" in reply.headers["cache-control"]
    assert client.get("/assets/0123/components/cards.js").status_code == 404
    assert client.get(f"/assets/{assets.VERSION}/../shared.py").status_code == 404
    assert client.get("/" + assets.url("shared.py")).status_code == 404


def test_flags_have_sensible_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SPACE_ID", "GRADIO_SERVER_NAME"):
        monkeypatch.delenv(name, raising=False)
    options = parse([])
    assert (options.host, options.port, options.share, options.hosted) == (
        "127.0.0.1",
        7860,
        False,
        False,
    )


def test_importing_the_page_does_not_import_torch() -> None:
    code = "import sys, playground.serve; sys.exit('torch' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], cwd=assets.HERE.parent, check=False
        ).returncode
        == 0
    )


def test_a_port_that_is_taken_is_explained() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} .* Choose another with --port"):
            serve("127.0.0.1", port)


@pytest.mark.parametrize("word", ["0", "99999", "web", "-1"])
def test_a_port_that_cannot_be_is_refused(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--port", word])
    assert "port" in capsys.readouterr().err
