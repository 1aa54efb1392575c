// Copyright (c) 2026 the curator.glance contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Which entries are shown, in which order.

const chosen = { view: "users", column: 0, down: false, words: "", troubled: false };

const searched = new Map(report.entries.map((entry) => [entry, searchable(entry)]));
// Shorter words are found in one id or the other by chance.
const SHORTEST_OF_ID = 6;

function searchable(entry) {
  const { distro, version, architecture, user, purpose, description, type } = entry.image ?? {};
  // Who has the id of an older version finds what it is a version of.
  const versions = [entry.image, ...entry.older].filter(Boolean);
  return {
    text: words(entry.name, distro, version, architecture, user, purpose, description, type).toLowerCase(),
    ids: words(...versions.flatMap(({ id, name }) => [id, name])).toLowerCase(),
  };
}

function fits(entry, word) {
  const { text, ids } = searched.get(entry);
  return text.includes(word) || (word.length >= SHORTEST_OF_ID && ids.includes(word));
}

function found() {
  const asked = chosen.words.toLowerCase().split(/\s+/).filter(Boolean);
  const entries = report.entries.filter((entry) => isInView(entry) && asked.every((word) => fits(entry, word)));
  const { of } = VIEWS[chosen.view][chosen.column];
  const keys = new Map(entries.map((entry) => [entry, of(entry)]));
  const direction = chosen.down ? -1 : 1;
  return entries.sort((one, other) => direction * compared(keys.get(one), keys.get(other)) || collator.compare(one.name, other.name));
}

function isInView(entry) {
  if (chosen.view === "operators") return !chosen.troubled || entry.troubles.length > 0;
  return entry.image && entry.image.visibility !== "private" && !entry.image.hidden;
}

const collator = new Intl.Collator("en", { numeric: true });

function compared(one, other) {
  return typeof one === "number" ? one - other : collator.compare(one, other);
}
