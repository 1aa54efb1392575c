// Copyright (c) 2026 the curator.glance contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// When versions were in use: a line for each image, drawn as wide as there is room.

const MOST_LINES = 40;
const DAY = 24 * 3600 * 1000;
const LINE = 26;
const TOP = 28;
const ROOM_OF_A_DATE = 90;

function showTimeline(entries) {
  const drawn = entries.slice(0, MOST_LINES).map(periods).filter(({ versions }) => versions.length);
  const width = $("timeline").clientWidth;
  if (!width || !drawn.length) {
    $("timeline").replaceChildren(element("p", {}, "No versions to show."));
    return;
  }
  const narrow = width < 600;
  // Names stand above their lines where there is no room beside them.
  const scale = { left: narrow ? 0 : 240, width, first: earliest(drawn), last: Date.parse(report.generated_at) };
  scale.at = (moment) => scale.left + ((moment - scale.first) / (scale.last - scale.first)) * (width - scale.left - 8);
  const line = narrow ? LINE * 1.6 : LINE;
  const height = TOP + drawn.length * line;
  const said = `When versions of ${counted(drawn.length, "image", "images")} were in use.`;
  $("timeline").replaceChildren(
    element(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": said },
      ...axis(scale, height),
      ...drawn.flatMap((entry, index) => lane(entry, TOP + index * line + line - LINE / 2, scale, narrow)),
    ),
    element("figcaption", { class: "hint" }, said, entries.length > drawn.length ? " Search or sort to see others." : "", " The current version is the coloured one."),
  );
}

function periods(entry) {
  const versions = [entry.image, ...entry.older]
    .filter((image) => image?.published_at)
    .map((image) => ({ image, from: Date.parse(image.published_at), current: image === entry.image }))
    .sort((one, other) => one.from - other.from);
  const now = Date.parse(report.generated_at);
  versions.forEach((version, index) => {
    const left = Date.parse(version.image.stepped_back_at ?? "");
    version.to = version.current ? now : (versions[index + 1]?.from ?? (Number.isNaN(left) ? now : left));
  });
  return { name: entry.name, versions };
}

function earliest(drawn) {
  const first = Math.min(...drawn.flatMap(({ versions }) => versions.map(({ from }) => from)));
  return Math.min(first, Date.parse(report.generated_at) - 30 * DAY);
}

function axis(scale, height) {
  const months = (scale.last - scale.first) / (30.4 * DAY);
  const room = (scale.width - scale.left) / ROOM_OF_A_DATE;
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((each) => months / each <= room) ?? 240;
  const begin = new Date(scale.first);
  const marks = [];
  for (let month = Math.ceil((begin.getUTCFullYear() * 12 + begin.getUTCMonth() + 1) / step) * step; ; month += step) {
    const moment = Date.UTC(Math.floor(month / 12), month % 12);
    if (moment > scale.last) return marks;
    const x = scale.at(moment);
    marks.push(
      element("line", { class: "grid", x1: x, x2: x, y1: 18, y2: height }),
      element("text", { x, y: 12, "text-anchor": "middle" }, new Date(moment).toISOString().slice(0, 7)),
    );
  }
}

function lane({ name, versions }, y, scale, narrow) {
  const room = narrow ? scale.width : scale.left - 12;
  const longest = Math.floor(room / 7.5);
  const short = name.length > longest ? `${name.slice(0, longest - 1)}…` : name;
  const label = element("text", { x: 0, y: narrow ? y - LINE / 2 + 2 : y + 4 }, short, element("title", {}, name));
  const bars = versions.map(({ image, from, to, current }) =>
    element(
      "rect",
      { class: current ? "now" : "then", x: scale.at(from), y: y - 5, width: Math.max(3, scale.at(to) - scale.at(from) - 1), height: 10, rx: 2 },
      element("title", {}, `${image.name}: ${current ? `in use since ${day(image.published_at)}` : `published ${day(image.published_at)}`}`),
    ),
  );
  return [label, element("line", { x1: scale.left, x2: scale.width, y1: y, y2: y }), ...bars];
}
