// Copyright (c) 2026 the curator.glance contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// What stands in which column, for each view: what it is sorted by (of), and how it is said (say).

const WANTED = {
  none: "as wanted",
  upload: "to be uploaded",
  swap: "to be replaced",
  resume: "to be finished",
  update_metadata: "differs",
  retire: "to be retired",
  error: "cannot be published",
};

const PUBLISHED = "published";

const VIEWS = {
  users: [
    { label: "Name", of: (entry) => entry.name },
    { label: "System", of: (entry) => words(entry.image.distro, entry.image.version, entry.image.architecture) },
    { label: "Log in as", of: (entry) => entry.image.user ?? "" },
    { label: "Needs at least", of: (entry) => entry.image.min_disk * 1e9 + entry.image.min_ram, say: needs },
    { label: "Published", of: (entry) => day(entry.image.published_at) },
    { label: "Proof", of: (entry) => proof(entry.image), mark: (entry) => (proof(entry.image) === "none" ? "bad" : "good") },
  ],
  operators: [
    { label: "Name", of: (entry) => entry.name },
    { label: "State", of: state, mark: (entry) => ([WANTED.none, PUBLISHED].includes(state(entry)) ? "good" : "bad") },
    { label: "Age in days", of: (entry) => entry.image?.age.days ?? -1, say: age, number: true, mark: (entry) => entry.image?.age.too_old && "bad" },
    { label: "Renewed", of: (entry) => entry.image?.renewed ?? "" },
    { label: "Provided until", of: (entry) => entry.image?.until ?? "", mark: (entry) => entry.image?.age.ended && "bad" },
    { label: "Booted", of: (entry) => entry.image?.verified_at ?? "", say: booted, mark: (entry) => (failure(entry) ? "bad" : entry.image?.verified_at && "good") },
    { label: "SCS", of: lacking, say: standard, mark: (entry) => (lacking(entry) ? "bad" : "good") },
    { label: "Older", of: (entry) => entry.older.length, number: true },
    { label: "Size", of: total, say: (entry) => size(total(entry)), number: true },
  ],
};

function words(...parts) {
  return parts.filter(Boolean).join(" ");
}

function needs({ image }) {
  const disk = image.min_disk && `${image.min_disk} GiB disk`;
  const memory = image.min_ram && `${size(image.min_ram * MIB)} memory`;
  return [disk, memory].filter(Boolean).join(", ");
}

function proof(image) {
  if (image.proof.signed_by) return "signature";
  return image.proof.checksum ? "checksum" : "none";
}

function state({ image, plan }) {
  if (plan && plan.action !== "none") return WANTED[plan.action] ?? plan.action;
  if (!image) return "not in use";
  if (image.status !== "active") return image.status;
  if (plan) return WANTED.none;
  return report.compared ? "not in the catalog" : PUBLISHED;
}

function age({ image }) {
  return String(image?.age.days ?? "");
}

function failure({ image }) {
  return image?.boot_check?.reason;
}

function booted(entry) {
  if (!entry.image) return "";
  return failure(entry) ? "failed" : day(entry.image.verified_at) || "never";
}

function lacking({ image }) {
  return image ? image.scs.missing.length + image.scs.wrong.length : 0;
}

function standard(entry) {
  if (!entry.image) return "";
  return lacking(entry) ? `${lacking(entry)} to mend` : "complete";
}

function total(entry) {
  return [entry.image, ...entry.older].reduce((sum, image) => sum + (image?.size ?? 0), 0);
}
