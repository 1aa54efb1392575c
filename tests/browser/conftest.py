# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalog page as the role writes it, in a real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from support.house import ROOT
from support.pages import PAGES, Written, written
from support.upstream import upstream

_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
_OWN = ("file:", "data:", "http://127.0.0.1:")


class OpenPage(Protocol):
    """Open one of the pages; what is given besides is what Playwright takes for a context."""

    def __call__(self, name: str, **context: Any) -> Page: ...


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    """Every page of these tests, each with its JSON."""
    return written(PAGES, tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the system."""
    path = next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    if path is None:
        pytest.fail(f"no browser; install one of {', '.join(_CHROMIUMS)} (Debian: chromium)")
    with sync_playwright() as playwright:
        # Chromium's sandbox refuses to serve root, which is who builds in containers.
        browser = playwright.chromium.launch(
            executable_path=path, chromium_sandbox=os.geteuid() != 0
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, pages: dict[str, Written]) -> Iterator[OpenPage]:
    """Pages that are gone after the test, which fails if the browser complained of one."""
    complaints: list[str] = []
    contexts = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"warning", "error"}:
            complaints.append(f"{message.type}: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith(_OWN):
            complaints.append(f"it asked for {request.url}")

    def opened(name: str, **context: Any) -> Page:
        contexts.append(chromium.new_context(**context))
        page = contexts[-1].new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", asked)
        page.goto(pages[name].page.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def served(pages: dict[str, Written]) -> Iterator[str]:
    """The address at which a web server has the pages."""
    (folder,) = {written.page.parent for written in pages.values()}
    with upstream(folder) as server:
        yield server.url("").rstrip("/")


@pytest.fixture
def screenshots() -> Path:
    """Where pictures of the page are kept, to be looked at."""
    folder = ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
