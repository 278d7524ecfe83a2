"""The page without a browser: its handlers, its looks, and how it is put together."""

import re
import socket
import subprocess
import sys
from math import isinf
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import parse
from playground import text
from playground.components import assets
from playground.facts import page
from playground.inference import reconstruction
from playground.server.layout import build_app
from playground.server.serve import serve
from playground.store.models import Store
from playground.styles import DEFAULT_CARDS, LOOKS, MARKS, look_of
from playground.tabs import TABS
from playground.text import chapters
from playground.text.tour import steps
from playground.wire.packing import pack
from tests.support.facts import fact, page_of
from tests.support.samples import INK
from vae_core import build, save_checkpoint, specify
from vae_core.data.drawings.digit import to_digit
from vae_core.errors import UsageError
from vae_core.training.recipe import Recipe

# --- the curves below the cards ---


def test_the_curves_pass_through_the_numbers_on_the_cards(store: Store) -> None:
    digit = to_digit(INK)
    noise = reconstruction.Noise("salt-and-pepper", 0.35, seed=9)
    models = [store.get(name) for name in DEFAULT_CARDS]
    seen = reconstruction.compare(digit, noise, models)
    curves = reconstruction.psnr_curves(digit, noise, models)
    at = reconstruction.STRENGTHS.index(0.35)
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
    facts = {model["name"]: model for model in page.about(Store(tmp_path))["models"]}
    assert "damaged" in facts["broken"]["error"]
    assert "error" not in facts[DEFAULT_CARDS[0]]


def test_a_checkpoint_of_another_shape_does_not_take_the_others_down(
    tmp_path: Path, store: Store
) -> None:
    good = store.folder / "vae-2.safetensors"
    (tmp_path / good.name).write_bytes(good.read_bytes())
    recipe = Recipe(specify("vae", image_shape=(3, 32, 32), latent_dim=2, width=8, depth=1))
    save_checkpoint(tmp_path / "odd.safetensors", build(recipe.model), recipe, {})
    mixed = Store(tmp_path)
    build_app(mixed)
    facts = {model["name"]: model for model in page.about(mixed)["models"]}
    refusal = (
        "'odd' is a model of pictures of 32x32 pixels in 3 channels, and this page shows grey"
    )
    assert facts["odd"]["error"].startswith(refusal)
    assert "error" not in facts["vae-2"]
    client = page_of(mixed)
    asked: dict[str, tuple[dict[str, Any], bytes]] = {
        "model-decode": ({"count": 1}, bytes(8)),
        "model-encode": ({"count": 1}, bytes(4 * 784)),
    }
    for route, (said, body) in asked.items():
        reply = client.post(f"/live/{route}", content=pack({**said, "model": "odd"}, body))
        assert reply.status_code == 400, (route, reply.text)
        assert reply.json()["error"].startswith(refusal), route
    for name, *about in (["map", "odd"], ["latents", "odd"], ["atlas", "odd", "code"]):
        reply = fact(client, name, *about)
        assert reply.status_code == 400 and reply.json()["error"].startswith(refusal), name


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
    markup = (assets.HERE / "reconstruct" / "cards.html").read_text(encoding="utf-8")
    for term in {part.split('"')[0] for part in markup.split('data-term="')[1:]} | {
        "cloud",
        "command",
    }:
        assert terms[term].endswith((".", ":")), term


def test_every_tab_says_in_two_sentences_what_to_look_for() -> None:
    for tab in TABS:
        sentences = text.read(tab.title.lower())
        assert sentences.count(". ") == 1 and sentences.endswith("."), tab.title


def test_every_step_of_the_lesson_names_a_tab_and_models_that_exist(store: Store) -> None:
    tabs = {tab.title.lower() for tab in TABS}
    names = [chapter.name for chapter in chapters.chapters()]
    for step in steps():
        said = dict(part.split("=") for part in step.fragment.split("&"))
        assert said["tab"] in tabs, step.title
        assert set(said.get("models", "vae-20").split(",")) <= set(store.names), step.title
        assert said.get("chapter", names[0]) in names, step.title


def test_a_teacher_can_paste_whole_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "HERE", tmp_path)
    words = (
        "Mine.\n\n## One\n\n`https://a.b/c#tab=map\n&ink=3`\n\nWhy?\n\n## Two\n`tab=walk` Who?\n"
    )
    (tmp_path / "steps.md").write_text(words, encoding="utf-8")
    assert steps() == [("One", "tab=map&ink=3", "Why?"), ("Two", "tab=walk", "Who?")]
    (tmp_path / "steps.md").write_text("## One\n\ntab=map\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"'One' in steps\.md must be"):
        steps()


def test_the_page_is_built_without_loading_a_model(tmp_path: Path) -> None:
    store = Store(tmp_path)
    build_app(store)
    assert store.names == []


def test_scripts_are_served_under_a_name_that_says_their_content() -> None:
    client = TestClient(Starlette(routes=assets.routes()))
    reply = client.get("/" + assets.url("reconstruct/cards.js"))
    assert reply.status_code == 200 and "immutable" in reply.headers["cache-control"]
    assert client.get("/assets/0123/reconstruct/cards.js").status_code == 404
    for name in ("reconstruct/cards.js", "core.css", "engine/kernel/kernel.wasm"):
        small = client.get("/" + assets.url(name), headers={"Accept-Encoding": "gzip, br"})
        plain = client.get("/" + assets.url(name), headers={"Accept-Encoding": "identity"})
        assert small.content == plain.content == assets.FILES[name]
        assert small.headers["content-encoding"] == "br"
        assert int(small.headers["content-length"]) < 0.7 * len(plain.content)
        assert (
            "content-encoding" not in plain.headers and plain.headers["vary"] == "Accept-Encoding"
        )
    for name in ("no-such-sheet", "x" * 5000, "%00", "..%2findex"):
        assert client.get(f"/assets/{name}.css").status_code == 404
    assert client.get(f"/assets/{assets.VERSION}/../shared.py").status_code == 404
    assert client.get("/" + assets.url("shared.py")).status_code == 404


def test_plotlys_script_is_served_as_the_package_has_it_under_its_own_hash() -> None:
    client = TestClient(Starlette(routes=assets.routes()))
    assert f'<meta name="plotly" content="{assets.PLOTLY_URL}">' in assets.head("1")
    assert f'href="{assets.PLOTLY_URL}"' not in assets.head(
        "1"
    )  # nothing loads it as the page opens
    for ways, encoding in (("gzip, br", "gzip"), ("identity", None)):
        reply = client.get(f"/{assets.PLOTLY_URL}", headers={"Accept-Encoding": ways})
        assert reply.headers.get("content-encoding") == encoding
        assert "immutable" in reply.headers["cache-control"]
        assert reply.headers["vary"] == "Accept-Encoding"
        assert reply.content == assets.PLOTLY.read_bytes()
        assert "MIT license" in reply.text[:300]
    assert client.get("/assets/plotly/0123.js").status_code == 404


def test_gradios_style_sheets_come_in_a_layer_that_ours_win_over() -> None:
    client = TestClient(Starlette(routes=assets.routes()))
    index = (assets.GRADIO.parent / "index.html").read_text(encoding="utf-8")
    sheets = re.findall(r"\./(assets/\S+\.css)", index)
    assert sheets
    for sheet in sheets:
        text = client.get(f"/{sheet}").text
        assert (
            text.startswith("@layer gradio {") and "box-sizing" in text and "@import" not in text
        )
    scripts = re.findall(r"\./(assets/\S+\.js)", index)
    assert scripts
    for script in scripts:
        assert client.get(f"/{script}").content == (assets.GRADIO.parent / script).read_bytes()
    assert assets.FILES["core.css"].startswith(b"@layer gradio, ui, page, tab, mode;")


def test_every_rule_is_in_one_sheet_and_each_tab_has_one_of_its_own() -> None:
    sheets = {name for name in assets.FILES if name.endswith(".css")}
    tabs = {"reconstruct", "map", "atlas", "walk", "train", "learn"}
    assert sheets == {"core.css"} | {f"{tab}.css" for tab in tabs}
    everything = b"".join(assets.FILES[name] for name in sheets)
    for path in assets.HERE.rglob("*.css"):
        assert everything.count(path.read_bytes()) == 1, path


def test_the_first_tab_needs_few_scripts_and_none_of_another_tab() -> None:
    named = re.findall(f'href="assets/{assets.VERSION}/([^"]+)"', assets.head("1"))
    assert len(named) == len(set(named)) <= 40
    assert {name.split("/")[0] for name in named} == {
        "core.css", "reconstruct.css", "engine", "state", "ui", "page", "drawing", "reconstruct",
    }  # fmt: skip
    assert not {"page/tour.js", "page/presenter.js", "reconstruct/enlarge.js"} & set(named)


def test_a_component_names_all_that_it_needs() -> None:
    scripts, styles = assets.needs("map/map").values()
    assert scripts[0] == assets.url("map/map.js") and styles == [assets.url("map.css")]
    assert assets.url("ui/space/pad.js") in scripts
    assert assets.url("engine/wire.js") not in scripts  # the page has it from the start


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
    code = "import sys, playground.server.serve; sys.exit('torch' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], cwd=assets.HERE.parent.parent, check=False
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


def test_the_lecture_has_something_to_say_at_every_step() -> None:
    lecture = (Path(__file__).parent.parent.parent / "docs" / "lecture.md").read_text(
        encoding="utf-8"
    )
    headings = [line[3:] for line in lecture.splitlines() if line.startswith("## ")]
    assert headings == [step.title for step in steps()]
