// Copyright (c) 2026 the curator.glance contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Examples, and the way to the clipboard.

const COPIED_SHOWS = 2500;

function snippet(title, text) {
  const code = element("pre", { tabindex: "0", role: "group", "aria-label": title }, text);
  const button = element("button", { type: "button" }, "Copy", element("span", { class: "unseen" }, ` ${title}`));
  button.addEventListener("click", async () => {
    const done = await copied(text);
    if (!done) getSelection().selectAllChildren(code);
    button.focus();
    const said = done ? "Copied" : "Press Ctrl+C";
    button.firstChild.data = said;
    $("said").textContent = `${said}: ${title}.`;
    setTimeout(() => (button.firstChild.data = "Copy"), COPIED_SHOWS);
  });
  return [element("div", { class: "snippet" }, element("h4", {}, title), button), code];
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page that was opened as a file, or by plain HTTP, may not use that.
    const area = element("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
