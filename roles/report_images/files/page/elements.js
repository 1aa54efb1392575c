// Copyright (c) 2026 the curator.glance contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

"use strict";
// Everything that is shown is put in as text, never as HTML: names of images are made by people.

const $ = (id) => document.getElementById(id);
const report = JSON.parse($("report").textContent);

const SVG = new Set(["svg", "g", "text", "line", "rect", "circle", "title"]);

function element(name, attributes = {}, ...children) {
  const kind = SVG.has(name) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
  const made = document.createElementNS(kind, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(key, value === true ? "" : value);
  }
  const shown = children.filter((child) => child !== null && child !== undefined && child !== "");
  made.append(...shown.map((child) => (child instanceof Node ? child : tame(String(child)))));
  return made;
}

// Signs that turn around what follows them would have one name change how others look.
function tame(text) {
  return text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

// Only what a browser opens as a page becomes a link, whatever somebody wrote as a source.
function address(text) {
  return /^https?:\/\//i.test(text) ? element("a", { href: text, rel: "noopener noreferrer" }, text) : text;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const rounded = (number) => String(Number(number.toFixed(number < 10 ? 1 : 0)));
const size = (bytes) => (bytes >= GIB ? `${rounded(bytes / GIB)} GiB` : `${rounded(bytes / MIB)} MiB`);
const day = (moment) => (moment ?? "").slice(0, 10);
const counted = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
