# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What counts as news of a guest, and what is the same silence in other words."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.boot.seen import Answer, Seen

AT_IPV4 = "ssh: connect to host 192.0.2.1 port 22: No route to host"
AT_IPV6 = "ssh: connect to host 2001:db8::1 port 22: No route to host"


def test_silence_at_each_address_is_no_news() -> None:
    """A guest that never answers is as quiet with two addresses as with one."""
    seen = Seen()
    for said in (AT_IPV4, AT_IPV6, AT_IPV4):
        assert seen.heard(Answer.SILENT, said) == seen


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.DENIED, Answer.NO_WAY, Answer.LET_IN])
def test_silence_elsewhere_takes_nothing_back(answer: Answer) -> None:
    """What one address told stands, whatever another one is like."""
    seen = Seen().heard(answer, "its words")
    assert (seen.answer, seen.answer_said) == (answer, "its words")
    assert seen.heard(Answer.SILENT, AT_IPV6) == seen
    assert seen.heard(answer, "other words") == seen


def test_an_answer_that_tells_more() -> None:
    """From a closed port to the key that is not taken, and to somebody who is in."""
    seen = Seen()
    for answer in (Answer.REFUSED, Answer.DENIED, Answer.LET_IN):
        seen = seen.heard(answer, "")
        assert seen.answer is answer
