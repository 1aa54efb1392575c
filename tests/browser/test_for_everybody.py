# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalog page for everybody: by keyboard alone, read out, on a phone, in the dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from browser.conftest import OpenPage

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 375, "height": 800}, "has_touch": True}
LOOKS = [
    pytest.param({}, id="light"),
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param(PHONE, id="phone"),
    pytest.param({**PHONE, "color_scheme": "dark"}, id="phone-dark"),
]


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has this name has the focus."""
    target = page.get_by_role("button", name=name, exact=True)
    for _n in range(60):
        page.keyboard.press("Tab")
        if target.count() and target.evaluate("(it) => it === document.activeElement"):
            return
    pytest.fail(f"no way by Tab to {name}")


def violations(page: Page) -> str:
    """What the checker found, in words."""
    found = Axe().run(page)
    return str(found.generate_report()) if found.violations_count else ""


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["many", "hostile"])
def test_nothing_for_the_checker(name: str, look: dict[str, Any], open_page: OpenPage) -> None:
    """Contrast, labels, landmarks, order: in both views, with everything unfolded."""
    page = open_page(name, **look)
    page.locator("#help summary").click()
    page.locator("#list tbody button").first.click()
    for closed in page.locator(".panel summary").all():
        closed.click()
    assert violations(page) == ""
    page.get_by_text("For operators").click()
    page.locator("#list tbody button").first.click()
    assert violations(page) == ""


@pytest.mark.parametrize("view", ["users", "operators"])
def test_no_sideways_scrolling_on_a_phone(view: str, open_page: OpenPage) -> None:
    """Everything is as wide as the screen, also what has no place to break."""
    page = open_page("hostile", **{**PHONE, "viewport": {"width": 320, "height": 600}})
    page.get_by_text(f"For {view}").click()
    page.locator("#list tbody button").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_sorting_on_a_phone(open_page: OpenPage) -> None:
    """Where the head of the table has no room, a list does the same."""
    page = open_page("many", **PHONE)
    page.get_by_label("Sorted by").select_option("Name, descending")
    expect(page.locator("#list tbody th").first).to_have_text("Ubuntu 29")


def test_by_keyboard_alone(open_page: OpenPage) -> None:
    """From the top: to the search, to an image, into its details, to the clipboard."""
    page = open_page("many", permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Go to the images")).to_be_focused()
    search = page.get_by_role("searchbox")
    for _n in range(2):
        page.keyboard.press("Tab")
    expect(search).to_be_focused()
    page.keyboard.type("debian 13")
    tab_to(page, "Details of Debian 13")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Close of Debian 13")).to_be_focused()
    tab_to(page, "Copy Command line")
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_have_text("Copied: Command line.")
    assert "openstack server create" in page.evaluate("navigator.clipboard.readText()")


def test_the_view_by_keyboard(open_page: OpenPage) -> None:
    """The views are one group, changed by the arrows; sorting keeps the focus where it is."""
    page = open_page("many")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tiles")).to_be_visible()
    tab_to(page, "State")
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending] button")).to_be_focused()


def test_the_way_to_more(open_page: OpenPage) -> None:
    """The button that shows more leads to the first that it showed."""
    page = open_page("huge")
    page.get_by_role("button", name="Show 100 more of 1900").press("Enter")
    expect(page.locator("#list tbody th")).to_have_count(200)
    expect(page.locator("#list tbody tr").nth(100).get_by_role("button")).to_be_focused()
