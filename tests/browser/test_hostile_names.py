# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and texts come from people: whatever is in them, the page only shows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import OpenPage
from support.pages import HOSTILE, Written

pytestmark = pytest.mark.slow

_SLIPPED_IN = """() => new Promise((resolve) => {
    const tell = (event) => resolve(event.effectiveDirective);
    document.addEventListener("securitypolicyviolation", tell);
    const script = document.createElement("script");
    script.textContent = "window.hacked = 1";
    document.body.append(script);
})"""


def assert_unharmed(page: Page) -> None:
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert page.locator("img, iframe, object, embed").count() == 0
    assert page.locator("script").count() == 2


@pytest.mark.parametrize("view", ["users", "operators"])
def test_nothing_is_carried_out(view: str, open_page: OpenPage) -> None:
    """Each field is shown as the text that it is, in each view, with all details open."""
    page = open_page("hostile")
    assert page.title() == HOSTILE
    page.get_by_text(f"For {view}").click()
    for button in page.locator("#list tbody button").all():
        button.click()
    for closed in page.locator(".panel summary").all():
        closed.click()
    page.wait_for_load_state("networkidle")
    assert_unharmed(page)
    assert page.locator("h1").text_content() == HOSTILE
    # All of it but the sign that would turn around what follows.
    shown = HOSTILE.replace("\u202e", "\ufffd")
    assert page.locator("#list tbody th").first.text_content() == shown


def test_only_pages_are_linked(open_page: OpenPage) -> None:
    """What a browser would run when somebody follows it is no link."""
    page = open_page("hostile")
    page.get_by_role("button", name="Details of linking").click()
    expect(page.locator(".panel")).to_contain_text("javascript:hacked=1")
    assert page.locator(".panel a").count() == 0


def test_searching_for_it(open_page: OpenPage) -> None:
    """Nor does what is typed become anything but words."""
    page = open_page("hostile")
    page.get_by_role("searchbox").fill("<img src=x")
    expect(page.get_by_role("status")).to_have_text("1 of 2 images")
    assert_unharmed(page)


def test_the_browser_would_refuse_it_as_well(chromium: Browser, pages: dict[str, Written]) -> None:
    """Should a script slip into the page one day, its policy does not let it run."""
    page = chromium.new_page()
    page.goto(pages["few"].page.as_uri())
    refused = page.evaluate(_SLIPPED_IN)
    assert refused == "script-src-elem"
    assert page.evaluate("typeof window.hacked") == "undefined"
    page.close()
