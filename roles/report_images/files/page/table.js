// Copyright (c) 2026 the curator.glance contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The list of images.

const AT_ONCE = 100;
let shown = AT_ONCE;
const opened = new Set();

function showTable(entries) {
  showHead();
  $("list").tBodies[0].replaceChildren(...entries.slice(0, shown).flatMap(rows));
  const left = entries.length - shown;
  $("more").hidden = left <= 0;
  $("more").textContent = `Show ${Math.min(left, AT_ONCE)} more of ${left}`;
}

function showHead() {
  const columns = VIEWS[chosen.view];
  const cells = columns.map((column, index) => {
    const active = index === chosen.column;
    const arrow = element("span", { "aria-hidden": "true" }, active ? (chosen.down ? " ↓" : " ↑") : "");
    const button = element("button", { type: "button" }, column.label, arrow);
    button.addEventListener("click", () => {
      sortBy(index, active && !chosen.down);
      $("list").tHead.querySelectorAll("button")[index].focus();
    });
    const order = active ? (chosen.down ? "descending" : "ascending") : "none";
    return element("th", { scope: "col", class: column.number ? "number" : null, "aria-sort": order }, button);
  });
  $("list").tHead.replaceChildren(element("tr", {}, ...cells, element("th", { scope: "col", class: "open" }, "More")));
  // The same where the head has no room.
  $("sorted").replaceChildren(
    ...columns.flatMap(({ label }, index) => [
      element("option", { value: `${index} up`, selected: index === chosen.column && !chosen.down }, label),
      element("option", { value: `${index} down`, selected: index === chosen.column && chosen.down }, `${label}, descending`),
    ]),
  );
}

function rows(entry) {
  const [name, ...others] = VIEWS[chosen.view];
  const button = element("button", { type: "button", "aria-expanded": String(opened.has(entry)) });
  const row = element("tr", {}, element("th", { scope: "row" }, name.of(entry)), ...others.map((column) => cell(column, entry)), element("td", { class: "open" }, button));
  const say = (open) => button.replaceChildren(open ? "Close" : "Details", element("span", { class: "unseen" }, ` of ${entry.name}`));
  say(opened.has(entry));
  button.addEventListener("click", () => {
    const open = !opened.has(entry);
    if (open) {
      opened.add(entry);
      row.after(detailsRow(entry));
    } else {
      opened.delete(entry);
      row.nextElementSibling.remove();
    }
    button.setAttribute("aria-expanded", String(open));
    say(open);
  });
  return opened.has(entry) ? [row, detailsRow(entry)] : [row];
}

function cell(column, entry) {
  const said = column.say ? column.say(entry) : String(column.of(entry));
  const mark = said && column.mark?.(entry);
  const content = mark ? element("span", { class: `mark ${mark}` }, said) : said;
  return element("td", { class: column.number ? "number" : null, "data-label": said ? column.label : null }, content);
}

function detailsRow(entry) {
  const content = chosen.view === "users" ? forUsers(entry) : forOperators(entry);
  return element("tr", { class: "details" }, element("td", { colspan: VIEWS[chosen.view].length + 1 }, content));
}
