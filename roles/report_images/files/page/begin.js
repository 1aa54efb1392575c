// Copyright (c) 2026 the curator.glance contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The page as a whole, and what it listens to.

function show() {
  const entries = found();
  showTable(entries);
  const operators = chosen.view === "operators";
  const all = report.entries.filter(isInView).length;
  $("said").textContent = `${entries.length.toLocaleString("en")} of ${counted(all, "image", "images")}`;
  $("none").hidden = entries.length > 0;
  for (const part of document.querySelectorAll(".operators")) part.hidden = !operators;
  for (const part of document.querySelectorAll(".users")) part.hidden = operators;
  if (operators) showTimeline(entries);
}

function anew() {
  shown = AT_ONCE;
  show();
}

function sortBy(column, down) {
  Object.assign(chosen, { column, down });
  anew();
}

function showHeading() {
  const made = report.generated_at.replace("T", " ").slice(0, 16);
  $("about").textContent = tame([report.cloud && `Cloud ${report.cloud}`, `as of ${made} UTC`].filter(Boolean).join(", "));
}

function showSummary() {
  const troubled = report.entries.filter((entry) => entry.troubles.length).length;
  const older = report.entries.reduce((sum, entry) => sum + entry.older.length, 0);
  const tiles = [
    ["Images", report.entries.length],
    ["To look at", troubled],
    ["Not there", report.compared ? report.missing.length : null],
    ["Older versions", older],
    ["Being made", report.unfinished],
    ["Stored", size(report.bytes)],
    ["Made by others", report.unmanaged],
  ];
  $("tiles").replaceChildren(
    ...tiles
      .filter(([, value]) => value !== null)
      .map(([label, value]) => element("div", {}, element("dt", {}, label), element("dd", {}, typeof value === "number" ? value.toLocaleString("en") : value))),
  );
  $("uncompared").hidden = report.compared;
  $("absent").hidden = report.missing.length === 0;
  $("missing").replaceChildren(
    ...report.missing.map(({ name, plan }) => element("li", {}, element("strong", {}, name), `, ${WANTED[plan.action] ?? plan.action}. ${plan.reasons.join(" ")}`)),
  );
}

function listen() {
  $("find").addEventListener("submit", (event) => event.preventDefault());
  $("words").addEventListener("input", () => {
    chosen.words = $("words").value;
    anew();
  });
  $("troubled").addEventListener("change", () => {
    chosen.troubled = $("troubled").checked;
    anew();
  });
  $("sorted").addEventListener("change", () => {
    const [column, direction] = $("sorted").value.split(" ");
    sortBy(Number(column), direction === "down");
  });
  for (const choice of document.querySelectorAll("input[name=view]")) {
    choice.addEventListener("change", () => {
      chosen.view = choice.value;
      opened.clear();
      sortBy(0, false);
    });
  }
  $("more").addEventListener("click", () => {
    const { rows } = $("list").tBodies[0];
    const next = rows.length;
    shown += AT_ONCE;
    show();
    rows[next].querySelector("button").focus();
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    // A phone's keyboard changes the height alone.
    if (chosen.view === "operators" && innerWidth !== width) showTimeline(found());
    width = innerWidth;
  });
}

$("views").hidden = report.audience === "users";
showHeading();
showSummary();
listen();
show();
