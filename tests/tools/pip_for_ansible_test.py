# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Gives ansible-test the pip that it starts its own environments with.
#
# `ansible-test --venv` makes environments without pip and downloads a script that installs one,
# from a server that cannot be configured. Behind a package mirror, that fails, and nothing else
# does: all other packages come from the index that pip knows. ansible-test takes the script from
# its cache when it finds it there; so, unless there is one, we put one there that installs the same
# version of pip from a wheel, which we fetch from that index beforehand.

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

CACHE = Path.home() / ".ansible/test/cache"

SCRIPT = """\
# Written by curator.glance: installs pip from the wheel beside this file.
# Delete both to have ansible-test download its own.
import pathlib
import sys

wheel = str(pathlib.Path(__file__).with_name({wheel!r}))
sys.path.insert(0, wheel)

from pip._internal.cli.main import main

# The arguments that ansible-test gives name the same version; they are for a script that would ask
# the index for it.
sys.exit(main(["install", "--quiet", "--no-index", "--no-deps", wheel]))
"""


def wanted_version() -> str:
    """The version that the installed ansible-test asks for: it knows one for each Python."""
    # Imported here: main() can do without, should it have moved.
    from ansible_test._internal import python_requirements  # noqa: PLC0415

    major, minor, _patch = platform.python_version_tuple()
    python = SimpleNamespace(version=f"{major}.{minor}")
    return str(python_requirements.get_venv_packages(python)["pip"])


def main() -> None:
    try:
        version = wanted_version()
    except (ImportError, AttributeError, LookupError, TypeError) as problem:
        # Not ours to stop at: with a direct connection ansible-test needs no help.
        print(
            f"ansible-test does not tell which pip it wants ({problem!r}): it has to download it.",
            file=sys.stderr,
        )
        return

    script = CACHE / f"get_pip_{version.replace('.', '_')}.py"
    if script.exists():
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-qq",
            "--no-deps",
            "--dest",
            CACHE,
            f"pip=={version}",
        ],
        check=True,
    )
    (wheel,) = CACHE.glob(f"pip-{version}-*.whl")
    unfinished = script.with_suffix(f".{platform.node()}.tmp")
    unfinished.write_text(SCRIPT.format(wheel=wheel.name))
    unfinished.rename(script)


if __name__ == "__main__":
    main()
