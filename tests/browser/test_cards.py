"""The cards and the plot: noise, samples, choice, order, and what each number means."""

import re

from playwright.sync_api import Locator, Page, expect

from playground.components import assets
from playground.styles import LOOKS

from .hands import (
    DEFAULT,
    ONE,
    choose,
    clean,
    draw,
    eventually,
    faded,
    models,
    noisy,
    picture,
    pixels,
    psnr,
    settle,
    strength,
)


def test_the_default_cards_are_the_four_families(page: Page) -> None:
    assert models(page) == DEFAULT
    for name in DEFAULT:
        card = page.locator(f"[data-model={name}]")
        expect(card.locator("[data-number=mse]")).to_have_text(re.compile(r"^0\.\d{4}$"))
        expect(card.locator("[data-number=numbers]")).to_have_text(f"{name.split('-')[-1]} / 784")


def test_cards_and_canvas_fit_a_laptop_without_scrolling(page: Page) -> None:
    box = page.locator(".strip").bounding_box()
    assert box is not None and box["y"] + box["height"] <= 800
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_noise_changes_what_the_models_see_and_not_what_they_are_measured_by(page: Page) -> None:
    assert noisy(page) == clean(page)  # strength 0
    before = clean(page)
    strength(page, 0.5)
    settle(page)
    assert clean(page) == before and noisy(page) != before
    first = noisy(page)
    page.get_by_role("button", name="New noise").click()
    settle(page)
    assert noisy(page) != first
    page.get_by_label("Kind of noise").select_option("occlusion")
    settle(page)
    assert sum(noisy(page)) < sum(before)
    strength(page, 0)
    settle(page)
    assert noisy(page) == before


def test_denoising_wins_when_there_is_noise(page: Page) -> None:
    strength(page, 0.5)
    settle(page)
    assert psnr(page, "[data-model=denoising-64]") > psnr(page, ".source") + 3


def test_sampling_moves_the_variational_card_alone(page: Page) -> None:
    means = {name: picture(page, name) for name in DEFAULT}
    page.get_by_role("button", name="Sample again").click()
    settle(page)
    first = picture(page, "vae-20")
    assert first != means["vae-20"]
    assert picture(page, "conv-32") == means["conv-32"]
    expect(page.locator("[data-model=vae-20] .name")).to_contain_text("sampled")
    page.get_by_role("button", name="Sample again").click()
    settle(page)
    assert picture(page, "vae-20") not in (first, means["vae-20"])
    page.get_by_role("button", name="Use the mean").click()
    settle(page)
    assert picture(page, "vae-20") == means["vae-20"]


def test_cards_can_be_chosen(page: Page) -> None:
    choose(page, ".cards-zone", sparse_256=True, vanilla_32=False)
    settle(page)
    assert models(page) == ["conv-32", "vae-20", "denoising-64", "sparse-256"]
    active = page.locator("[data-model=sparse-256] [data-number=active]")
    expect(active).to_have_text(re.compile(r"^\d+\.\d %$"))
    for label in ("Convolutional", "Variational", "Denoising", "Sparse"):
        page.get_by_role("button", name=f"Take {label} away").click()
    settle(page)
    assert models(page) == []
    expect(page.locator(".notice")).to_contain_text("Choose a model")


def test_all_cards_at_once(page: Page) -> None:
    choose(page, ".cards-zone", **{name: True for name in LOOKS})
    settle(page)
    for name in models(page):
        assert any(picture(page, name)), name


def test_the_best_card_can_come_first(page: Page) -> None:
    strength(page, 0.6)
    page.get_by_label("Best first").check(force=True)
    settle(page)

    def in_order() -> bool:
        values = [psnr(page, f"[data-model={name}]") for name in models(page)]
        return values == sorted(values, reverse=True)

    eventually(page, in_order)  # cards only move when the visitor's hand has come to rest
    page.get_by_label("As listed").check(force=True)
    assert models(page) == DEFAULT


def test_a_card_can_be_enlarged_and_put_back_by_keyboard(page: Page) -> None:
    button = page.get_by_role("button", name="Enlarge Variational")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Variational")
    expect(dialog).to_contain_text("20 numbers")
    expect(dialog).to_contain_text("python -m vae_core train")
    for name in ("noisy", "reconstruction", "difference"):
        canvas = f"dialog [data-picture={name}]"
        expect(page.locator(canvas)).to_be_visible()
        assert len(set(pixels(page, canvas))) > 10, f"{name} is empty"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_every_number_says_what_it_is_on_hover_and_on_focus(page: Page) -> None:
    page.locator(".cards-zone").get_by_text("Numbers", exact=True).click()
    tip = page.get_by_role("tooltip")
    numbers = page.locator(".card [data-number]:visible")
    assert numbers.count() >= 2 + 4 * len(DEFAULT)
    for number in numbers.all()[:6]:
        number.hover()
        expect(tip).to_be_visible()
        assert len(tip.inner_text()) > 20
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    page.locator("[data-model=conv-32] [data-term=psnr]").focus()
    expect(tip).to_contain_text("decibels")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    assert page.locator(".card [data-number]").evaluate_all(
        "(all) => all.every((number) => number.closest('[data-term][tabindex]'))"
    )


def show_plot(page: Page) -> Locator:
    """The lines of the plot, which is drawn when it is scrolled to."""
    page.locator("#psnr-plot").scroll_into_view_if_needed()
    page.mouse.wheel(0, 1)  # as a hand would scroll
    return page.locator("#psnr-plot .scatterlayer .trace")


def for_charts(page: Page) -> list[str]:
    """What was loaded for charts alone."""
    return page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => name)"
        ".filter((name) => /plotly\\/|noise-curves/.test(name))"
    )


def test_plotly_is_loaded_when_a_chart_is_seen_and_a_hand_has_moved(fresh_page: Page) -> None:
    plot = fresh_page.locator("#psnr-plot")
    fresh_page.set_viewport_size({"width": 1280, "height": 1500})
    expect(plot).to_be_in_viewport()
    fresh_page.wait_for_timeout(1000)
    assert for_charts(fresh_page) == []  # it is seen, but no hand has moved
    fresh_page.set_viewport_size({"width": 1280, "height": 800})
    expect(plot).not_to_be_in_viewport()
    draw(fresh_page, ONE)
    settle(fresh_page)
    fresh_page.wait_for_timeout(1000)
    assert for_charts(fresh_page) == []  # a hand has moved, but it is not seen
    fresh_page.set_viewport_size({"width": 1280, "height": 1500})
    fresh_page.mouse.move(5, 5)
    expect(plot.locator(".scatterlayer .trace")).to_have_count(5)
    assert any(name.endswith(assets.PLOTLY_URL) for name in for_charts(fresh_page))


def test_the_plot_has_a_line_a_model_and_follows_the_choice(page: Page) -> None:
    lines = show_plot(page)
    expect(lines).to_have_count(5)
    choose(page, ".cards-zone", deep_32=True)
    show_plot(page)
    expect(lines).to_have_count(6)
    expect(page.locator("#psnr-plot")).to_contain_text("PSNR, dB")
    expect(page.locator("#psnr-plot")).to_contain_text("Gaussian noise: strength")
    page.get_by_role("button", name="Clear").click()
    show_plot(page)
    expect(lines).to_have_count(0)
    page.evaluate("scrollTo(0, 0)")
    draw(page, ONE)
    show_plot(page)
    expect(lines).to_have_count(6)


def test_the_plot_is_in_the_models_colours_and_in_words_in_either_theme(page: Page) -> None:
    lines = show_plot(page)
    expect(lines).to_have_count(5)
    wanted = [LOOKS[name].colour for name in DEFAULT]
    words = page.locator("#psnr-plot .unseen")
    for name in DEFAULT:
        expect(words).to_contain_text(re.compile(rf"{LOOKS[name].label} \d+\.\d dB"))
    for dark in (False, True):
        if dark:
            page.get_by_role("button", name="Dark theme").click()
            show_plot(page)  # the button is far above it
        soft = page.evaluate("getComputedStyle(document.body).getPropertyValue('--soft').trim()")
        eventually(
            page, lambda soft=soft: [colour_of(each) for each in stroke(lines)] == [soft, *wanted]
        )


def test_the_plot_can_be_read_by_keyboard(page: Page) -> None:
    expect(show_plot(page)).to_have_count(5)
    plot = page.get_by_role("slider", name="PSNR at each strength of noise")
    plot.focus()
    page.keyboard.press("Home")
    expect(plot).to_have_attribute("aria-valuetext", re.compile(r"^strength 0\.00: .*no error"))
    page.keyboard.press("ArrowRight")
    expect(plot).to_have_attribute("aria-valuetext", re.compile(r"^strength 0\.05: "))
    expect(page.locator("#psnr-plot .hoverlayer")).to_contain_text("strength 0.05")


def stroke(lines: Locator) -> list[str]:
    return lines.locator(".lines path").evaluate_all(
        "(all) => all.map(({ style }) => style.stroke)"
    )


def colour_of(rgb: str) -> str:
    return "#{:02x}{:02x}{:02x}".format(*map(int, re.findall(r"\d+", rgb)))


def test_the_theme_can_be_changed_and_is_kept(page: Page) -> None:
    def paper() -> str:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light = paper()
    difference = picture(page, "conv-32", "difference")
    button = page.get_by_role("button", name="Dark theme")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    faded(page)
    dark = paper()
    assert dark != light
    assert picture(page, "conv-32", "difference") != difference  # it has a scale of its own
    page.reload()
    expect(page.get_by_role("button", name="Dark theme")).to_have_attribute("aria-pressed", "true")
    eventually(page, lambda: paper() == dark)


def test_everything_can_be_reached_by_keyboard(page: Page) -> None:
    reached = set()
    page.locator("body").click(position={"x": 320, "y": 5})  # beside the tabs
    for _ in range(90):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()"
            )
        )
    for label in (
        "Dark theme",
        "Pen",
        "Eraser",
        "Clear",
        "Surprise me",
        "Kind of noise",
        "Sample again",
        "Enlarge Denoising",
    ):
        assert label in reached, label


def test_a_server_that_is_gone_stops_nothing(page: Page) -> None:
    page.wait_for_load_state("networkidle")  # the weights are here
    asked: list[str] = []
    page.route(
        "**/{live,weights,facts}/**",
        lambda route: (asked.append(route.request.url), route.abort()),
    )
    before, drawn = clean(page), [picture(page, name) for name in DEFAULT]
    draw(page, ONE)
    settle(page)
    assert clean(page) != before
    assert not [
        name for name, old in zip(DEFAULT, drawn, strict=True) if picture(page, name) == old
    ]
    expect(page.locator(".notice")).to_be_empty()
    assert asked == []
    page.unroute("**/{live,weights,facts}/**")
