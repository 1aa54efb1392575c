# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Makes what a customer would export from VMware: an OVA with a streamOptimized VMDK in it.
#
#   PYTHONPATH=tests python -m demo.export FILE

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from support.disks import Workshop
from support.linux_disk import linux_disk
from support.ovas import vmware_ova

target = Path(sys.argv[1])
target.parent.mkdir(parents=True, exist_ok=True)
with tempfile.TemporaryDirectory() as folder:
    disk = Workshop(Path(folder)).disk("vmdk-streamOptimized", linux_disk())
    vmware_ova(target, [disk], name="accounting", memory=1024)
