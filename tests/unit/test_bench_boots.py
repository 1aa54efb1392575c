# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the bench of boot checks makes of its figures; it is not run itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.boots.parts import Parts, typical, verdicts

GOOD = Parts(whole=25.0, ansible=1.0, starting=6.0, booting=13.5, deleting=1.5)


def test_what_is_left_is_ours() -> None:
    """Of the whole, without what others do before anybody logs in."""
    assert GOOD.ours == 4.5


def test_the_middle_of_several_runs() -> None:
    """One that something else was in the way of does not count."""
    slow = replace(GOOD, whole=80.0, booting=60.0)
    assert typical([GOOD, slow, GOOD]) == GOOD
    assert [each.holds for each in verdicts([GOOD, slow, GOOD])] == [True, True]


@pytest.mark.parametrize(
    "run, promise",
    [
        (replace(GOOD, whole=45.5, booting=34.0), "of the tiny guest in 45 s"),
        (replace(GOOD, whole=25.6), "without Nova's start"),
    ],
)
def test_each_promise_can_be_broken(run: Parts, promise: str) -> None:
    """By a figure that is a little worse, and it alone."""
    (broken,) = (each for each in verdicts([run]) if not each.holds)
    assert promise in broken.promise
