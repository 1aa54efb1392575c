# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a reader does with the catalog page: search, sort, look closer, copy, change the view."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import OpenPage
from support.pages import Written

pytestmark = pytest.mark.slow

_DENIED = "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('denied')); }"


def names(page: Page) -> list[str]:
    """What the list shows, from top to bottom."""
    return page.locator("#list tbody th").all_inner_texts()


def column(page: Page, label: str) -> list[str]:
    """What the list shows under a heading."""
    return page.locator(f'#list td[data-label="{label}"]').all_inner_texts()


def details(page: Page, name: str) -> Locator:
    """What the list says of an image, after its button was pressed."""
    page.get_by_role("button", name=f"Details of {name}", exact=True).click()
    return page.locator(".panel")


@pytest.mark.parametrize("name", ["few", "many", "huge", "users", "hostile"])
def test_the_page_has_what_the_json_has(
    name: str, open_page: OpenPage, pages: dict[str, Written]
) -> None:
    """A program that reads either file learns the same."""
    shown = open_page(name).evaluate("JSON.parse(document.getElementById('report').textContent)")
    assert shown == json.loads(pages[name].json.read_text())


def test_an_image_of_three(open_page: OpenPage) -> None:
    """What somebody wants to know who has never used one."""
    page = open_page("few")
    assert names(page) == ["AlmaLinux 10", "Debian 10", "Ubuntu 10"]
    assert column(page, "Log in as") == ["almalinux", "debian", "ubuntu"]
    assert column(page, "Proof") == ["signature", "signature", "checksum"]
    panel = details(page, "Ubuntu 10")
    expect(panel).to_contain_text("openstack server create --flavor FLAVOR")
    expect(panel).to_contain_text("Started as a test")
    expect(panel).to_contain_text("ssh ubuntu@ADDRESS")
    expect(panel).to_contain_text("No signature was checked.")
    panel.get_by_text("With Heat").click()
    expect(panel.get_by_label("Heat template", exact=True)).to_be_visible()
    page.get_by_role("button", name="Close of Ubuntu 10").click()
    expect(page.locator(".panel")).to_have_count(0)


def test_searching(open_page: OpenPage) -> None:
    """All words have to be somewhere: in the name, the system, the user, the id of any version."""
    page = open_page("many")
    search = page.get_by_role("searchbox", name="Search")
    search.fill("DEBIAN 13")
    expect(page.get_by_role("status")).to_have_text("1 of 100 images")
    assert names(page) == ["Debian 13"]
    older = page.evaluate("report.entries.find((entry) => entry.older.length > 1).older[1].id")
    search.fill(older)
    expect(page.get_by_role("status")).to_have_text("1 of 100 images")
    search.fill("nothing like it")
    expect(page.get_by_text("No image has all of these words.")).to_be_visible()
    search.fill("")
    expect(page.get_by_role("status")).to_have_text("100 of 100 images")


def test_sorting(open_page: OpenPage) -> None:
    """By each column, both ways; numbers by their size, and names as people count."""
    page = open_page("many")
    assert names(page)[:2] == ["AlmaLinux 10", "AlmaLinux 11"]
    head = page.locator("#list thead")
    head.get_by_role("button", name="Name").click()
    assert names(page)[0] == "Ubuntu 29"
    head.get_by_role("button", name="Published").click()
    published = column(page, "Published")
    assert published == sorted(published)
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Published ↑")
    head.get_by_role("button", name="Published").click()
    assert column(page, "Published") == sorted(published, reverse=True)
    head.get_by_role("button", name="Needs at least").click()
    assert column(page, "Needs at least")[0].startswith("4 GiB")
    assert column(page, "Needs at least")[-1].startswith("10 GiB")


def test_what_stays_open(open_page: OpenPage) -> None:
    """Whoever sorts or searches while reading goes on reading."""
    page = open_page("many")
    details(page, "Debian 13")
    page.locator("#list thead").get_by_role("button", name="Published").click()
    page.get_by_role("searchbox").fill("debian")
    expect(page.locator(".panel")).to_contain_text("ssh debian@ADDRESS")


def test_the_view_of_operators(open_page: OpenPage) -> None:
    """What differs, what is too old, what is missing, and what there was before."""
    page = open_page("many")
    page.get_by_text("For operators").click()
    expect(page.locator("#tiles")).to_contain_text("Not there2")
    expect(page.locator("#missing")).to_contain_text("Arch Linux, cannot be published.")
    states = column(page, "State")
    assert {"as wanted", "to be replaced", "differs", "not in the catalog"} <= set(states)
    assert set(column(page, "Booted")) == {"2026-11-20", "failed", "never"}
    page.get_by_label("Only what to look at").check()
    troubled = page.evaluate("report.entries.filter((entry) => entry.troubles.length).length")
    expect(page.get_by_role("status")).to_have_text(f"{troubled} of {troubled} images")
    page.get_by_role("searchbox").fill("AlmaLinux 19")
    panel = details(page, "AlmaLinux 19")
    expect(panel).to_contain_text("min_ram: 512 → 1024")
    expect(panel).to_contain_text("Older versions")
    bars = page.locator("#timeline rect")
    assert bars.count() == page.evaluate(
        "report.entries.find((entry) => entry.name === 'AlmaLinux 19').older.length + 1"
    )
    page.get_by_text("For users").click()
    expect(page.locator("#tiles")).to_be_hidden()


def test_a_page_for_users_alone(open_page: OpenPage, pages: dict[str, Written]) -> None:
    """It has one view, and nothing of the other in its source."""
    page = open_page("users")
    expect(page.get_by_text("For operators")).to_be_hidden()
    assert names(page) == ["AlmaLinux 10", "Debian 10", "Ubuntu 10"]
    assert "superseded" not in pages["users"].json.read_text()


@pytest.mark.parametrize("allowed", [True, False])
@pytest.mark.parametrize("title", ["Command line", "Then log in", "Heat template", "Terraform"])
def test_copying(title: str, *, allowed: bool, open_page: OpenPage) -> None:
    """The example is in the clipboard as it is shown, wherever the page may not use the new way."""
    page = open_page("few", permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('what was there before')")
    if not allowed:
        page.evaluate(_DENIED)
    panel = details(page, "Debian 10")
    for closed in panel.locator("summary").all():
        closed.click()
    button = panel.get_by_role("button", name=f"Copy {title}")
    button.click()
    expect(panel.get_by_role("button", name=f"Copied {title}")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(f"Copied: {title}.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == panel.get_by_label(title, exact=True).inner_text()
    assert copied
    expect(button).to_be_visible()  # It says Copy again.


def test_served_over_http(open_page: OpenPage, served: str) -> None:
    """From a web server without TLS it works as it does from a file."""
    page = open_page("few")
    page.goto(f"{served}/few.html")
    assert names(page) == ["AlmaLinux 10", "Debian 10", "Ubuntu 10"]
