# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalog page with as many images as nobody reads, and what it looks like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenPage

pytestmark = pytest.mark.slow

# From the first key to the first image that fits: what is promised of 2,000.
_FIRST_RESULT = 1000
_STOPWATCH = """() => {
    const search = document.querySelector("#words");
    window.measured = new Promise((resolve) => {
        search.addEventListener("keydown", (event) => {
            const begun = performance.now();
            const look = () => {
                const first = document.querySelector("#list tbody th");
                const fits = first && first.textContent.startsWith("Fedora");
                if (fits && first.checkVisibility()) resolve(performance.now() - begun);
                else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
        }, { once: true });
    });
}"""


def test_the_first_result_comes_at_once(open_page: OpenPage) -> None:
    """Of 2,000 images, the first that fits stands there within a second."""
    page = open_page("huge")
    expect(page.get_by_role("status")).to_have_text("2,000 of 2,000 images", timeout=30_000)
    page.evaluate(_STOPWATCH)
    page.get_by_role("searchbox").press("f")
    page.get_by_role("searchbox").press_sequentially("edora")
    milliseconds = page.evaluate("window.measured")
    print(f"The first result of 2,000 images came after {milliseconds:.0f} ms.")
    assert milliseconds < _FIRST_RESULT


PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}


@pytest.mark.parametrize(
    "look, context",
    [("light", {}), ("dark", {"color_scheme": "dark"}), ("phone", PHONE)],
)
@pytest.mark.parametrize("name", ["few", "many", "huge"])
def test_pictures(
    name: str, look: str, context: dict[str, Any], open_page: OpenPage, screenshots: Path
) -> None:
    """Kept in build/screenshots, for people to look at."""
    page = open_page(name, **context)
    page.screenshot(path=screenshots / f"{name}-{look}.png")
    page.locator("#list tbody button").first.click()
    page.locator(".panel").screenshot(path=screenshots / f"{name}-{look}-details.png")
    page.get_by_text("For operators").click()
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=screenshots / f"{name}-{look}-operators.png")
    page.locator("#timeline").screenshot(path=screenshots / f"{name}-{look}-timeline.png")
