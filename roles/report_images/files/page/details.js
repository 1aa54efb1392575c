// Copyright (c) 2026 the curator.glance contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// What is told of one image, when somebody asks.

const FREQUENCIES = { critical_bug: "when something critical is fixed", never: "never" };
const VISIBILITIES = {
  public: "everybody in this cloud",
  community: "everybody who has its id",
  shared: "the projects that it is shared with",
  private: "its own project alone",
};
const VALIDITIES = {
  forever: "always",
  none: "without any promise: look here again before you use it",
  notice: "until it is announced otherwise",
};

function facts(pairs) {
  const told = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return element("dl", { class: "facts" }, ...told.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

function section(title, ...content) {
  return element("section", {}, element("h3", {}, title), ...content);
}

function forUsers({ image }) {
  return element(
    "div",
    { class: "panel" },
    section("Start a server", ...launching(image)),
    element("div", {}, section("This image", about(image)), section("Why it can be trusted", trust(image))),
  );
}

function launching({ launch, login, user, type }) {
  const afterwards = user && element("p", {}, `Then log in as ${user}${type === "windows" ? ", by remote desktop" : ""}.`);
  return [
    element("p", { class: "hint" }, "Put in names of your own project for FLAVOR, NETWORK and KEY."),
    ...snippet("Command line", launch.cli),
    element("p", { class: "hint" }, "The volume stays when the server is deleted."),
    ...(login ? snippet("Then log in", login) : [afterwards]),
    folded("With Heat", ...snippet("Heat template", launch.heat)),
    folded("With Terraform or OpenTofu", ...snippet("Terraform", launch.terraform)),
  ];
}

function folded(title, ...content) {
  return element("details", {}, element("summary", {}, title), ...content);
}

function about(image) {
  return facts([
    ["Description", image.description && address(image.description)],
    ["Id", element("code", {}, image.id)],
    ["The id is valid", validity(image.id_validity)],
    ["Who sees it", VISIBILITIES[image.visibility]],
    ["Renewed", FREQUENCIES[image.renewed] ?? image.renewed],
    ["Provided until", image.until],
    ["Maintained until", image.maintained],
    ["Support", image.support],
    ["State", image.status === "active" ? "" : `${image.status}: it cannot be started at the moment`],
  ]);
}

function validity(text) {
  const last = /^last-(\d+)$/.exec(text ?? "");
  if (last) return `until ${last[1] === "1" ? "a newer version is" : `${last[1]} newer versions are`} there`;
  return VALIDITIES[text] ?? (text && `until ${text}`);
}

const PROOFS = {
  signature: "The release has the checksum that its makers published, and their signature of it holds.",
  checksum: "The release has the checksum that was published with it. No signature was checked.",
  none: "There was nothing to compare the release with.",
};

function trust(image) {
  const told = image.proof;
  const released = {
    true: "The image is the release, byte for byte.",
    false: "The image was made from the release for this cloud. What the cloud stored was compared with what was sent.",
  }[told.as_released];
  const prepared = told.prepared && "Its system is not as its makers released it: it was changed before it was stored.";
  return element(
    "div",
    {},
    element("p", {}, words(PROOFS[proof(image)], prepared ?? released)),
    facts([
      ["Release", told.source && address(told.source)],
      ["Its checksum", told.checksum && element("code", {}, told.checksum)],
      ["Signed with key", told.signed_by && element("code", {}, told.signed_by)],
      ["Changed by", told.prepared],
      ["Stored as", told.stored && element("code", {}, told.stored)],
      ["Started as a test", day(image.verified_at) || "no"],
    ]),
  );
}

function forOperators(entry) {
  const { image, plan, older } = entry;
  const changes = Object.entries(plan?.changes?.after ?? {}).map(
    ([name, value]) => element("li", {}, element("code", {}, `${name}: ${JSON.stringify(plan.changes.before?.[name] ?? null)} → ${JSON.stringify(value)}`)),
  );
  const listed = (items) => (items.length ? element("ul", {}, ...items.map((item) => element("li", {}, item))) : null);
  return element(
    "div",
    { class: "panel" },
    section(
      "Now",
      listed(entry.troubles) ?? element("p", {}, "Nothing needs to be looked at."),
      changes.length ? element("ul", {}, ...changes) : null,
      facts([
        ["Id", image && element("code", {}, image.id)],
        ["Who sees it", image && words(VISIBILITIES[image.visibility], image.hidden && "(hidden from lists)")],
        ["Maintained until", image?.maintained],
        ["Booted in", image?.boot_check.phases],
        ["SCS: missing", image?.scs.missing.join(", ")],
        ["SCS: wrong", image?.scs.wrong.join(" ")],
      ]),
    ),
    section("Older versions", listed(older.map(olderVersion)) ?? element("p", {}, "None.")),
  );
}

function olderVersion(image) {
  const told = [image.state, image.status, image.visibility, image.hidden && "hidden", size(image.size), image.published_at && `published ${day(image.published_at)}`];
  return element("span", {}, image.name, element("br"), element("span", { class: "soft" }, told.filter(Boolean).join(" · "), element("br"), element("code", {}, image.id)));
}
