"""Drawing with real pointers: the cards follow, and nothing that was drawn is lost."""

from playwright.sync_api import BrowserContext, Page, expect

from .conftest import open_page
from .hands import CANVAS, ONE, THREE, clean, draw, ink, picture, place, settle


def test_the_page_opens_with_a_digit_and_a_stroke_replaces_it(page: Page) -> None:
    before = ink(page)
    assert before > 0
    draw(page, ONE)
    settle(page)
    assert ink(page) < before  # a one alone has less ink
    page.keyboard.press("Control+z")  # the stroke
    page.keyboard.press("Control+z")  # and what it replaced
    assert ink(page) == before


def test_the_cards_follow_while_the_pen_is_down(page: Page) -> None:
    draw(page, THREE[:4], lift=False)
    settle(page)
    first = picture(page, "conv-32"), clean(page)
    for point in THREE[4:]:
        page.mouse.move(*place(page, point), steps=2)
    settle(page)
    assert (picture(page, "conv-32"), clean(page)) != first
    page.mouse.up()


def test_the_last_movement_is_never_lost(page: Page) -> None:
    draw(page, THREE, lift=False)
    settle(page)
    shown = clean(page)
    page.get_by_label("Kind of noise").select_option("blur")  # at strength 0: only asks again
    settle(page)
    assert clean(page) == shown
    page.mouse.up()


def test_undo_and_redo_give_the_very_same_pixels(page: Page) -> None:
    draw(page, ONE)
    one = ink(page)
    draw(page, [(0.2, 0.5), (0.8, 0.5)])
    both = ink(page)
    assert both > one
    page.get_by_role("button", name="Undo").click()
    assert ink(page) == one
    page.get_by_role("button", name="Redo").click()
    assert ink(page) == both
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()
    page.get_by_role("button", name="Undo").click()
    draw(page, [(0.3, 0.2), (0.3, 0.4)])
    expect(page.get_by_role("button", name="Redo")).to_be_disabled()  # another way was taken


def test_the_eraser_takes_ink_away(page: Page) -> None:
    draw(page, ONE)
    before = ink(page)
    page.get_by_role("button", name="Eraser").click()
    draw(page, [(0.3, 0.5), (0.7, 0.5)])
    assert 0 < ink(page) < before


def test_a_thicker_pen_leaves_more_ink(page: Page) -> None:
    draw(page, ONE)
    thin = ink(page)
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Pen size").fill("36")
    draw(page, ONE)
    assert ink(page) > 1.5 * thin


def test_an_empty_canvas_is_a_prompt_and_no_error(page: Page) -> None:
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Draw a digit here")).to_be_visible()
    expect(page.locator(".notice")).to_contain_text("Draw a digit")
    assert not any(clean(page))
    page.get_by_label("Strength of the noise").fill("0.5")  # nothing to spoil, and no complaint
    settle(page)
    expect(page.locator(".notice")).to_contain_text("Draw a digit")
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert any(clean(page))


def test_a_dot_is_a_drawing(page: Page) -> None:
    page.get_by_role("button", name="Clear").click()
    page.mouse.click(*place(page, (0.5, 0.5)))
    settle(page)
    assert ink(page) > 0 and any(clean(page))


def test_a_stroke_may_leave_the_canvas_and_come_back(page: Page) -> None:
    draw(page, [(0.5, 0.2), (1.3, 0.5), (0.5, 0.8)])
    settle(page)
    assert ink(page) > 0 and any(clean(page))
    after = ink(page)
    page.mouse.move(*place(page, (0.2, 0.2)))  # the pen is up: nothing more is drawn
    assert ink(page) == after


def test_examples_draw_and_can_be_undone(page: Page) -> None:
    before = ink(page)
    seen = set()
    for _ in range(2):
        page.get_by_role("button", name="Example digit 7").click()
        seen.add(ink(page))
    assert len(seen) == 2  # pressed again, the same digit comes in another hand
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert ink(page) == before


def test_a_stroke_replaces_any_example_and_undo_brings_it_back(page: Page) -> None:
    page.get_by_role("button", name="Example digit 7").click()
    example = ink(page)
    draw(page, ONE)
    page.get_by_role("button", name="Undo").click()
    assert ink(page) == 0
    page.get_by_role("button", name="Undo").click()
    assert ink(page) == example


def test_surprises_differ(page: Page) -> None:
    seen = set()
    for _ in range(4):
        page.get_by_role("button", name="Surprise me").click()
        seen.add(ink(page))
    settle(page)
    assert len(seen) == 4 and min(seen) > 0


def test_the_keyboard_alone_can_draw(page: Page) -> None:
    page.locator(CANVAS).focus()
    page.keyboard.press("Delete")
    page.keyboard.press("Space")
    for _ in range(8):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Space")
    settle(page)
    drawn = ink(page)
    assert drawn > 0 and any(clean(page))
    page.keyboard.press("ArrowLeft")  # the pen is up
    assert ink(page) == drawn
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Eraser")).to_have_attribute("aria-pressed", "true")


def test_a_second_finger_changes_nothing(page: Page) -> None:
    page.get_by_role("button", name="Clear").click()
    page.locator(CANVAS).evaluate(
        """(canvas) => {
            const box = canvas.getBoundingClientRect();
            canvas.setPointerCapture = () => {};
            const send = (kind, id, x, y) => canvas.dispatchEvent(new PointerEvent(kind, {
                pointerId: id, pointerType: "touch", button: kind === "pointermove" ? -1 : 0,
                clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
            send("pointerdown", 11, 0.3, 0.3);
            send("pointerdown", 12, 0.8, 0.8);
            send("pointermove", 12, 0.8, 0.2);
            send("pointermove", 11, 0.3, 0.6);
            send("pointerup", 12, 0.8, 0.2);
            send("pointermove", 11, 0.3, 0.8);
            send("pointerup", 11, 0.3, 0.8);
        }"""
    )
    right_half = page.locator(CANVAS).evaluate(
        """(canvas) => canvas.getContext("2d").getImageData(
            canvas.width / 2, 0, canvas.width / 2, canvas.height).data.some((v) => v > 0)"""
    )
    assert ink(page) > 0 and not right_half


def test_touch_draws_on_a_phone_and_does_not_scroll(
    phone: BrowserContext, url: str, complaints: list[str]
) -> None:
    page = open_page(phone, url, complaints)
    page.get_by_role("button", name="Draw", exact=True).tap()
    page.get_by_role("button", name="Clear").tap()
    session = phone.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y} for x, y in (place(page, point) for point in points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", (0.5, 0.9))
    for step in range(1, 20):
        touch("touchMove", (0.5, 0.9 - 0.04 * step))  # upwards, which would scroll a page down
    touch("touchEnd")
    settle(page)
    assert ink(page) > 0 and any(clean(page))
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # The cards may be covered, so their pictures line up at the foot of the screen.
    expect(page.locator(".peek button")).to_have_count(4)
    expect(page.locator(".peek")).to_be_in_viewport()
    page.close()


def test_two_visitors_do_not_see_each_others_drawing(
    phone: BrowserContext, url: str, page: Page, complaints: list[str]
) -> None:
    untouched = clean(page)
    draw(page, THREE)
    settle(page)
    neighbour = open_page(phone, url, complaints)
    assert clean(neighbour) == untouched != clean(page)  # both begin with the same example
    for height in (0.3, 0.5, 0.7):  # both draw at once
        draw(page, ONE)
        draw(neighbour, [(0.2, height), (0.8, height)])
    settle(page)
    settle(neighbour)
    assert any(clean(page)) and any(clean(neighbour))
    assert clean(page) != clean(neighbour)
    neighbour.close()
