# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Downloads that go wrong on their way, and go on."""

from __future__ import annotations

import hashlib
import os

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.proof import Proof
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    NoSpace,
    SourceFailed,
    Unproven,
)

from support.upstream import Fault

from .conftest import Site

SIZE = 5_000_000
CONTENT, OTHER = os.urandom(SIZE), os.urandom(SIZE)


def proof_of(content: bytes, algorithm: str = "sha256") -> Proof:
    return Proof(algorithm=algorithm, digest=hashlib.new(algorithm, content).hexdigest())


PROOFS = [None, proof_of(CONTENT), proof_of(CONTENT, "sha512")]


def fetch(
    site: Site, proof: Proof | None, content: bytes = CONTENT, *, timeout: float = 20
) -> None:
    """Fetch, and see that it is what it has to be and says what it is."""
    with site.fetch(proof, web=site.web(timeout=timeout)) as source:
        assert source.path.read_bytes() == content
        assert source.sha512 == hashlib.sha512(content).hexdigest()
        assert source.size == len(content)
        source.unchanged()


@pytest.mark.parametrize("proof", PROOFS)
def test_a_cut_costs_only_what_was_missing(site: Site, proof: Proof | None) -> None:
    """Not one byte comes twice."""
    site.server.write(site.name, CONTENT)
    cuts = (1_200_000, 0, 1_300_000)
    site.server.faults[site.name] = [
        Fault(method="GET", skip=number, cut_after=size) for number, size in enumerate(cuts)
    ]
    fetch(site, proof)
    assert site.gets == 4
    assert site.server.sent(site.name) == SIZE
    assert site.progress.stages[-1] == ("fetch", SIZE)
    assert site.progress.bytes == SIZE


def test_any_number_of_cuts_is_borne(site: Site) -> None:
    """As long as something comes between them."""
    content = os.urandom(12_000_000)
    site.server.write(site.name, content)
    site.server.faults[site.name] = [Fault(method="GET", times=None, cut_after=1_200_000)]
    fetch(site, proof_of(content), content)
    assert site.gets == 10


@pytest.mark.parametrize("proof", PROOFS)
def test_the_next_run_goes_on(site: Site, proof: Proof | None) -> None:
    """What a run left that gave up is read again for its digest, and not fetched again."""
    site.server.write(site.name, CONTENT)
    site.server.faults[site.name] = [
        Fault(method="GET", cut_after=3_000_000),
        Fault(method="GET", skip=1, times=5, status=503),
    ]
    with pytest.raises(SourceFailed, match="HTTP 503"):
        fetch(site, proof)
    assert site.cached == {".part", ".json", ".lock"}
    fetch(site, proof)
    assert site.server.sent(site.name) == SIZE
    assert site.progress.bytes == SIZE


def test_a_whole_file_that_was_left_is_not_asked_for(site: Site) -> None:
    """A run may end between the last byte and the end of the task."""
    site.server.write(site.name, CONTENT)
    proof = proof_of(CONTENT)
    fetch(site, proof)
    data = site.cache / f"sha256-{proof.digest}"
    (site.cache / f"{data.name}.part.json").write_text(f'{{"etag": "\\"x\\"", "size": {SIZE}}}')
    data.rename(site.cache / f"{data.name}.part")
    fetch(site, proof)
    assert site.gets == 1


@pytest.mark.parametrize("proof", PROOFS)
@pytest.mark.parametrize(
    "fault",
    [
        Fault(times=None, ignores_range=True),
        Fault(times=None, no_validators=True),
        Fault(times=None, no_validators=True, ignores_range=True),
    ],
)
def test_a_server_without_ranges_starts_again(
    site: Site, fault: Fault, proof: Proof | None
) -> None:
    """The bytes that are there must not come twice; nor may they be taken for those of another."""
    site.server.write(site.name, CONTENT)
    site.server.faults[site.name] = [Fault(method="GET", cut_after=3_000_000), fault]
    fetch(site, proof)
    assert site.server.sent(site.name) == 3_000_000 + SIZE


def test_a_weak_etag_is_not_enough_to_go_on(site: Site) -> None:
    """It promises less than equal bytes; the time of the last change does."""
    site.server.write(site.name, CONTENT)
    site.server.faults[site.name] = [
        Fault(method="GET", cut_after=3_000_000),
        Fault(times=None, weak_etag=True),
    ]
    fetch(site, None)
    last = site.server.requests[-1]
    assert last.headers["If-Range"].endswith("GMT")
    assert site.server.sent(site.name) == SIZE


@pytest.mark.parametrize("proof", [None, proof_of(OTHER)])
def test_an_upstream_that_changes_between_two_parts(site: Site, proof: Proof | None) -> None:
    """The first part is forgotten: half of each would be neither."""
    site.server.write(site.name, CONTENT)
    site.server.faults[site.name] = [
        Fault(method="GET", cut_after=3_000_000),
        Fault(method="GET", skip=1, becomes=OTHER),
    ]
    fetch(site, proof, OTHER)
    assert site.server.sent(site.name) == 3_000_000 + SIZE


@pytest.mark.parametrize("headers", [{"ETag": '"other"'}, {"Content-Range": f"bytes 0-9/{SIZE}"}])
def test_a_server_that_sends_another_part_than_asked_for(
    site: Site, headers: dict[str, str]
) -> None:
    """Some heed Range and not If-Range, and some neither."""
    site.server.write(site.name, CONTENT)
    site.server.faults[site.name] = [
        Fault(method="GET", cut_after=3_000_000),
        Fault(method="GET", skip=1, headers=headers),
    ]
    fetch(site, None)
    assert site.gets == 3


def test_pieces_of_two_files_are_fetched_once_more(site: Site) -> None:
    """A server that says that nothing changed is believed once: the digest tells better."""
    site.server.write(site.name, CONTENT)
    site.server.faults[site.name] = [
        Fault(method="GET", cut_after=3_000_000),
        Fault(method="GET", skip=1, becomes=OTHER),
        Fault(times=None, same_validators=True),
    ]
    fetch(site, proof_of(OTHER), OTHER)
    assert site.gets == 3


@pytest.mark.parametrize("proof", PROOFS)
def test_a_server_that_always_cuts_is_given_up(site: Site, proof: Proof | None) -> None:
    """Where every try begins anew, nothing is gained by one more."""
    site.server.write(site.name, CONTENT)
    site.server.faults[site.name] = [
        Fault(method="GET", times=None, cut_after=3_000_000, ignores_range=True)
    ]
    with pytest.raises(SourceFailed, match="the connection was cut"):
        fetch(site, proof)
    assert site.gets <= 8


def test_fewer_bytes_than_announced_are_not_the_file(site: Site) -> None:
    """Though the connection ends as if all were well."""
    site.server.write(site.name, CONTENT)
    site.server.faults[site.name] = [Fault(method="GET", claims_length=SIZE + 10)]
    fetch(site, None)
    assert site.gets == 3


def test_more_bytes_than_announced_are_not_the_file(site: Site) -> None:
    """What has grown on the way is fetched anew."""
    grown = CONTENT + b"more"
    site.server.write(site.name, CONTENT)
    part = {"Content-Range": f"bytes 3000000-{SIZE - 1}/{SIZE}"}
    site.server.faults[site.name] = [
        Fault(method="GET", cut_after=3_000_000),
        Fault(method="GET", skip=1, becomes=grown, headers=part),
        Fault(times=None, same_validators=True),
    ]
    fetch(site, None, grown)
    assert site.gets == 3


def test_a_length_that_is_too_short_is_noticed_by_its_digest(site: Site) -> None:
    """HTTP itself cannot tell."""
    site.server.write(site.name, CONTENT)
    site.server.faults[site.name] = [Fault(method="GET", claims_length=SIZE - 10)]
    with pytest.raises(Unproven, match="is not what was released"):
        fetch(site, proof_of(CONTENT))


def test_a_length_need_not_be_told(site: Site) -> None:
    """The end of the connection is the end then."""
    site.server.write(site.name, CONTENT)
    site.server.faults[site.name] = [Fault(times=None, no_length=True)]
    fetch(site, proof_of(CONTENT))


@pytest.mark.parametrize("when", ["before", "within"])
def test_silence_is_told_and_what_came_is_kept(site: Site, when: str) -> None:
    """The next run goes on where this one lost its patience."""
    site.server.write(site.name, CONTENT)
    stall = {"silent": True} if when == "before" else {"stall_after": 2 << 20}
    site.server.faults[site.name] = [Fault(method="GET", **stall)]
    with pytest.raises(SourceFailed, match=r"nothing came for 0.5 seconds"):
        fetch(site, proof_of(CONTENT), timeout=0.5)
    fetch(site, proof_of(CONTENT))
    assert site.server.sent(site.name) == SIZE


def test_other_bytes_than_released_are_told_at_once(site: Site) -> None:
    """With both digests; and they do not stay."""
    site.server.write(site.name, OTHER)
    right, wrong = proof_of(CONTENT), proof_of(OTHER)
    with pytest.raises(Unproven) as caught:
        fetch(site, right)
    assert f"is {wrong.digest}, and it has to be {right.digest}" in caught.value.message
    assert site.gets == 1
    assert site.cached == {".lock"}


def test_a_file_that_cannot_fit_is_not_begun(site: Site) -> None:
    """The folder, what is needed and what is free are told."""
    site.server.write(site.name, CONTENT)
    site.server.faults[site.name] = [Fault(method="GET", claims_length=10**15)]
    with pytest.raises(NoSpace, match=r"needs 909 TiB in .*/cache, where .* are free.*cache_dir"):
        fetch(site, None)
    assert site.cached == {".lock"}
