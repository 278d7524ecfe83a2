"""The Learn tab's texts, and the source that it shows."""

import inspect
import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from playground import text
from playground.components import assets
from playground.facts.page import NOTEBOOKS
from playground.tabs import TABS
from playground.text import chapters, markdown, source, tour
from playground.text.chapters import Chapter
from tests.support.facts import fact
from vae_core.errors import UsageError
from vae_core.models import MODELS
from vae_core.models.base import Autoencoder

CHAPTERS = pytest.mark.parametrize("chapter", chapters.chapters(), ids=lambda each: each.name)


def plain(html: str) -> str:
    """What a reader sees of it."""
    return unescape(re.sub(r"<[^>]+>", "", html))


@CHAPTERS
def test_a_chapter_has_a_figure_two_links_and_code(chapter: Chapter) -> None:
    assert f"learn/figures/{chapter.name}.js" in assets.FILES
    assert chapter.tries and all(
        re.fullmatch(r"tab=\w+(&[\w-]+=[^&]*)*", link["fragment"]) for link in chapter.tries
    )
    assert chapter.code


@CHAPTERS
def test_few_words_stand_before_the_figure_and_titles_have_the_fields_own(
    chapter: Chapter,
) -> None:
    assert len(plain(chapter.text).split()) <= 40
    said, _, terms = chapter.title.partition(": ")
    assert said.lower().startswith(chapter.short.lower()) and terms


def test_few_words_stand_above_each_tab() -> None:
    for tab in TABS:
        assert len(plain(markdown.to_html(text.read(tab.name))).split()) <= 40, tab.title


def test_each_notebook_is_named_by_one_chapter() -> None:
    named = [each["name"] for chapter in chapters.chapters() for each in chapter.notebooks]
    assert sorted(named) == sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


@CHAPTERS
def test_no_formula_is_shown_as_raw_source(chapter: Chapter) -> None:
    for html in (chapter.text, chapter.more, chapter.question, chapter.answer):
        assert not re.search(r"[$\\]|\^\{|_\{", plain(html))
    assert "math" in chapter.text or "$" not in chapter.text


@CHAPTERS
def test_the_code_of_a_chapter_is_the_source_itself(chapter: Chapter) -> None:
    for code in chapter.code:
        listing = source.listing(code["name"])
        shown = plain(listing.html).strip().splitlines()
        file = (source.ROOT / listing.file).read_text(encoding="utf-8").splitlines()
        there = file[listing.line - 1 : listing.line - 1 + len(shown)]
        assert [line.strip() for line in shown] == [line.strip() for line in there]


OTHERWISE = {"deep": "vanilla", "plain": "vanilla"}  # what models are that are not called so


def test_every_card_has_the_code_of_its_own_model(client: TestClient) -> None:
    for model in fact(client, "about").json()["models"]:
        listings = [source.listing(each["name"]) for each in model["source"]]
        kind = model["name"].rpartition("-")[0]
        cls = MODELS.get(kind, MODELS[OTHERWISE.get(kind, "conv")])
        assert listings[0].name.rpartition(".")[2] == cls.__name__
        names = {listing.name for listing in listings}
        assert ("vae_core.models.distributions.DiagonalGaussian" in names) == model["samples"]
        assert "vae_core.models.base.Autoencoder.reconstruct" in names


def test_a_method_is_found_and_loses_its_indent() -> None:
    shown = plain(source.listing("vae_core.models.base.Autoencoder.reconstruct").html)
    assert shown.startswith("def reconstruct(self, images: Images) -> Images:\n    return")
    assert "".join(shown.split()) == "".join(inspect.getsource(Autoencoder.reconstruct).split())


@pytest.mark.parametrize(
    "name",
    ["os.system", "vae_core", "vae_core.nothing", "vae_core.models.distributions.torch.nn", "vae_core.models.distributions.nothing",
     "vae_core.data.datasets.Path", "vae_core.../../etc/passwd", "", "vae_core.models.distributions.bernoulli_distortion\0"],
)  # fmt: skip
def test_only_the_code_of_the_library_is_shown(name: str, client: TestClient) -> None:
    with pytest.raises(UsageError, match="There is no code called"):
        source.listing(name)
    reply = fact(client, "code", name)
    assert reply.status_code in (400, 404)


def test_a_formula_becomes_mathml_and_html_stays_text() -> None:
    html = markdown.to_html(r"$z \sim \mathcal{N}(0, 1)$ <script>alert(1)</script>")
    assert "<math" in html and "<mo>&#x0223C;</mo>" in html
    assert "<script" not in html and "alert(1)" in html


def test_the_first_use_of_a_word_is_explained_and_never_within_a_formula_or_a_link() -> None:
    html = markdown.to_html(
        "$code$ [code](x) and Codes and code: latent space, latent", marked=True
    )
    assert re.findall(r'data-term="word:([^"]+)">([^<]+)<', html) == [
        ("code", "Codes"), ("latent space", "latent space"), ("latent", "latent"),
    ]  # fmt: skip


def test_the_glossary_needs_no_formulas(client: TestClient) -> None:
    told = fact(client, "lesson").json()
    assert dict(told["glossary"]) == text.sections("glossary")
    assert all(
        plain(markdown.to_html(meaning)).strip() == meaning for _, meaning in told["glossary"]
    )
    assert "https://arxiv.org/abs/1312.6114" in told["references"]


@pytest.mark.parametrize("place", text.parts(text.read("code")))
def test_the_code_behind_a_tab_is_there(place: str) -> None:
    assert place in [tab.title.lower() for tab in TABS]
    for code in chapters.code_of(place):
        assert source.listing(code["name"]).html and code["note"]


def test_every_stop_of_the_tour_leads_to_a_tab_and_says_something() -> None:
    tabs = [tab.title.lower() for tab in TABS]
    stops = tour.tour()
    assert stops
    assert {re.search(r"tab=(\w+)", stop.fragment)[1] for stop in stops} <= set(tabs)  # pyright: ignore[reportOptionalSubscript]
    assert all(len(stop.words.split()) < 60 for stop in stops)


def test_every_formula_of_a_figure_is_mathml(client: TestClient) -> None:
    told = fact(client, "maths").json()
    assert list(told) == list(text.sections("maths"))
    for html in told.values():
        assert "<math" in html and not re.search(r"[$\\]|\^\{|_\{", plain(html))


def test_a_chapter_with_a_part_missing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "01-half.md").write_text("# Half\n\nText.\n\n## Question\n\nWhy?\n")
    monkeypatch.setattr(chapters, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"01-half\.md must begin.*Question"):
        chapters.chapters.__wrapped__()
