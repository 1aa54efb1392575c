# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Copies the checkout to build/ansible_collections/curator/glance, or to the folder that is named,
# where ansible-test can work on it.
#
# ansible-test insists on a folder of that name, resolves the symbolic link that everything else is
# content with, and makes environments and reports inside it. The copy has what git has or would
# add; a file that did not change is left as it is, so that the next run finds its caches valid.

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

DEFAULT = Path("build/ansible_collections/curator/glance")
KEPT = (".git", "tests/output")  # The second is written by ansible-test.


def checkout() -> set[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = {Path(name) for name in listing.split("\0") if name}
    return {
        path for path in paths if path.is_symlink() or path.is_file()
    }  # git also lists what was just deleted.


def same(source: Path, copy: Path) -> bool:
    if source.is_symlink() or copy.is_symlink():
        return source.is_symlink() and copy.is_symlink() and source.readlink() == copy.readlink()
    if not copy.is_file():
        return False
    ours, theirs = source.stat(), copy.stat()
    return (ours.st_size, ours.st_mtime_ns, ours.st_mode) == (
        theirs.st_size,
        theirs.st_mtime_ns,
        theirs.st_mode,
    )


def remove_strangers(target: Path, wanted: set[Path]) -> None:
    kept_here = [target / kept for kept in KEPT]
    # Deepest first, so that a folder is looked at after what was in it.
    for path in sorted(target.rglob("*"), reverse=True):
        if any(path == kept or kept in path.parents for kept in kept_here):
            continue
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(target) not in wanted:
            path.unlink()


def main(target: Path = DEFAULT) -> None:
    wanted = checkout()
    target.mkdir(parents=True, exist_ok=True)
    remove_strangers(target, wanted)
    for path in wanted:
        copy = target / path
        if not same(path, copy):
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.unlink(missing_ok=True)
            shutil.copy2(path, copy, follow_symlinks=False)
    # ansible-test asks git for the list of files. Without a repository of its own, the copy would
    # be asked for in the checkout's, which ignores it.
    subprocess.run(["git", "init", "--quiet", "--template=", target], check=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
