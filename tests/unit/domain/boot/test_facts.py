# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answers of guests that have something to hide, or talk nonsense."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.expectations import (
    Expectations,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.facts import (
    GuestFacts,
    facts_from,
)
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.inside import inside_checks
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.script import SCRIPT
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.seen import Seen

OURS = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB7"
BLOB = "AAAAB3NzaC1yc2EAAAADAQABAAABgQ"


def _answer(*lines: str) -> str:
    return "\n".join(["::curator::in", *lines, "::curator::end", ""])


def _facts(*lines: str) -> GuestFacts:
    facts = facts_from(_answer(*lines))
    assert facts is not None
    return facts


def _look(home: Path) -> GuestFacts:
    """What the script tells of a home folder on this machine."""
    answer = subprocess.run(
        ["sh", "-s"],
        input=SCRIPT.encode(),
        stdout=subprocess.PIPE,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home)},
    ).stdout.decode(errors="replace")
    facts = facts_from(answer)
    assert facts is not None, answer
    return facts


def _judged(facts: GuestFacts) -> tuple[bool | None, str]:
    checks = {
        name: (passed, told)
        for name, passed, told in inside_checks(Expectations(), Seen(key=OURS, facts=facts))
    }
    return checks["authorized_keys"]


def _in_files(home: Path, *, first: str, second: str | None = None) -> tuple[bool | None, str]:
    (home / ".ssh").mkdir()
    (home / ".ssh/authorized_keys").write_text(first)
    if second is not None:
        (home / ".ssh/authorized_keys2").write_text(second)
    return _judged(_look(home))


@pytest.mark.parametrize(
    "line",
    [
        f"ssh-rsa {BLOB} somebody@elsewhere",
        f"ssh-rsa  {BLOB}",
        f"ssh-rsa\t{BLOB}",
        f"{' ' * 400}ssh-rsa {BLOB}",
        f'command="{"x" * 300}" ssh-rsa {BLOB}',
        f'command="echo {OURS}" ssh-rsa {BLOB}',
        f"cert-authority ssh-rsa {BLOB}",
        f"sk-ssh-ed25519@openssh.com {BLOB}",
        f"some-kind-of-tomorrow {BLOB}",
        f"::curator::root\nssh-rsa {BLOB}",
        "# nothing\n" * 200 + f"ssh-rsa {BLOB}",
        f"{OURS}\n" * 200 + f"ssh-rsa {BLOB}",
    ],
)
def test_no_other_key_is_overlooked(tmp_path: Path, line: str) -> None:
    """Whatever lets somebody else in is seen beside ours, however it is written."""
    passed, told = _in_files(tmp_path, first=f"{OURS} curator\n{line}\n")
    assert passed is False, told
    assert "more beside the key given at creation" in told


@pytest.mark.parametrize("end", ["", "\n"])
def test_the_second_file_is_read_too(tmp_path: Path, end: str) -> None:
    """An ssh server reads both, unless it is told otherwise."""
    passed, told = _in_files(tmp_path, first=f"{OURS} curator{end}", second=f"ssh-rsa {BLOB}")
    assert (passed, "holds 1 more" in told) == (False, True), told


@pytest.mark.parametrize(
    "content",
    [
        f"{OURS}",
        f"# made by cloud-init\n\n  # ssh-rsa {BLOB}\n{OURS} curator\r\n\r\n",
        f" \t{OURS} ssh-rsa {BLOB}\n",
    ],
)
def test_our_key_alone(tmp_path: Path, content: str) -> None:
    """Comments let nobody in, neither as lines of their own nor behind a key."""
    assert _in_files(tmp_path, first=content) == (
        True,
        "It holds the key given at creation, and no other.",
    )


def test_no_key_at_all(tmp_path: Path) -> None:
    """Neither file need be there."""
    assert _judged(_look(tmp_path))[0] is False


@pytest.mark.parametrize("nonsense", ["\x01", "\x01\x02 \x03", "\u200b", "\x0b", "\x1b[0m"])
@pytest.mark.parametrize(
    "part",
    ["cloud_init", "hostname", "interfaces", "addresses", "authorized_keys", "root", "units"],
)
def test_nonsense_is_no_trouble_of_ours(part: str, nonsense: str) -> None:
    """A guest may write what it likes."""
    facts = _facts(f"::curator::{part}", nonsense, f"{nonsense} {nonsense}")
    assert facts.clock is None


def test_an_endless_list_is_cut() -> None:
    """A hostile guest does not fill a result."""
    facts = _facts(
        *("::curator::units", *(f"a{n}.service failed" for n in range(1000))),
        *("::curator::interfaces", *(f"eth{n} 52:54:00:c0:ff:ee" for n in range(1000))),
        *(
            "::curator::addresses",
            *(f"2: eth0 inet 10.0.0.{n % 256}/8 global" for n in range(1000)),
        ),
    )
    assert (len(facts.failed_units), len(facts.interfaces)) == (100, 100)
    assert len(facts.addresses_of("ipv4")) <= 100
