#!/usr/bin/python
# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: source_fetch
short_description: Have a disk or an archive here, proven, before an image is made of it
version_added: 0.2.0
description:
  - Fetches what an image is to be made from into a cache folder, compares it with its checksum, and
    checks its signature. Says where it lies, for M(curator.glance.image_inspect) to look into it.
  - M(curator.glance.image_upload_raw) with the same O(source), O(source_checksum) and O(cache_dir)
    takes it from there, and fetches nothing again. By itself it fetches too, so that this module is
    needed only where something has to be decided by the content.
  - A file of this machine stays where it is, and is proven there.
  - A download that was cut goes on where it ended, also in the next run.
  - Nothing that was fetched is opened.
options:
  source:
    description:
      - An C(http), C(https) or C(file) URL, or a path on the host that runs the module.
      - A web server that tells neither C(ETag) nor C(Last-Modified) of it is fetched from in every
        run where there is no O(source_checksum).
    type: str
    required: true
  source_checksum:
    description:
      - What the source must hash to, as C(<algorithm>:<digest>), or as C(<algorithm>:<manifest>)
        with the URL or path of a list of checksums in which it is looked up by its name.
    type: str
  source_signature:
    description:
      - The URL or path of a detached OpenPGP signature of the manifest, or V(inline) for a manifest
        that is signed within; without a manifest, of the source itself. Needs O(source_keyring).
    type: str
  source_keyring:
    description: A file with the keys, and only those, whose signatures count.
    type: path
  allow_weak_checksum:
    description: Whether a checksum with md5 or sha1 is accepted, which prove no origin any more.
    type: bool
    default: false
  url_username:
    description: A name to log in with where the source is (HTTP basic authentication).
    type: str
  url_password:
    description: The password that goes with O(url_username).
    type: str
  cache_dir:
    description: The folder that it is kept in, for nobody else to write to. What is in it can be
      deleted at any time, and is fetched again where it is needed.
    type: path
    required: true
  timeout:
    description: How many seconds to wait without any progress.
    type: int
    default: 180
requirements:
  - gpgv (for signatures)
extends_documentation_fragment:
  - curator.glance.attributes
attributes:
  check_mode:
    support: full
    details:
      - Checksums and signatures of manifests are fetched, and the source is not. Where it is not in
        the cache, RV(path) is V(none).
  diff_mode:
    support: N/A
    details:
      - It changes nothing but the cache.
notes:
  - While it works on a local connection, the play shows how far it is, every few seconds. Set the
    variable C(curator_progress) to V(false) to silence that.
seealso:
  - module: curator.glance.image_inspect
  - module: curator.glance.image_upload_raw
author:
  - curator.glance contributors (@curator-glance)
"""

EXAMPLES = r"""
- name: Have the machine here that a customer exported
  curator.glance.source_fetch:
    source: https://files.example.org/accounting.ova
    source_checksum: sha256:https://files.example.org/SHA256SUMS
    cache_dir: ~/.cache/imports
  register: machine

- name: Look into it
  curator.glance.image_inspect:
    path: "{{ machine.path }}"
  register: found

- name: Make an image of it, with memory as before
  curator.glance.image_upload_raw:
    cloud: customer
    name: Accounting
    source: https://files.example.org/accounting.ova
    source_checksum: sha256:https://files.example.org/SHA256SUMS
    cache_dir: ~/.cache/imports
    min_ram: "{{ found.proposal.min_ram }}"
"""

RETURN = r"""
path:
  description: Where it lies. In check mode V(none) where it would have to be fetched.
  returned: success
  type: str
  sample: /home/import/.cache/imports/sha256-7d1a54127b22
name:
  description: The name of the file, as its address has it. In the cache it has another one.
  returned: success
  type: str
  sample: accounting.ova
url:
  description: Where it came from, without credentials and query.
  returned: success
  type: str
  sample: https://files.example.org/accounting.ova
size:
  description: Its size in bytes. V(none) where that is not known before it is fetched.
  returned: success
  type: int
  sample: 441450496
sha512:
  description: Its digest. V(none) where it would have to be fetched.
  returned: success
  type: str
checksum:
  description: What proved it, as C(<algorithm>:<digest>). V(none) where nothing does.
  returned: success
  type: str
signed_by:
  description: The fingerprint of the key that signed. V(none) where nothing was signed.
  returned: success
  type: str
"""

from ..module_utils import module
from ..module_utils.domain.fetch import FetchWish
from ..module_utils.work.fetching import fetch, foresee

OPTIONS = {
    "source": {"type": "str", "required": True},
    "source_checksum": {"type": "str"},
    "source_signature": {"type": "str"},
    "source_keyring": {"type": "path", "no_log": False},
    "allow_weak_checksum": {"type": "bool", "default": False},
    "url_username": {"type": "str"},
    "url_password": {"type": "str", "no_log": True},
    "cache_dir": {"type": "path", "required": True},
    "timeout": {"type": "int", "default": 180},
}


def main() -> None:
    module.run_local(OPTIONS, understand=FetchWish.from_params, read=fetch, foresee=foresee)


if __name__ == "__main__":
    main()
