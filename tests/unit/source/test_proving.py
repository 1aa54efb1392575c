# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proofs out of real manifests and real signatures, and every way in which there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.proof import (
    ChecksumWish,
    Proof,
)
from ansible_collections.curator.glance.plugins.module_utils.errors import (
    CuratorError,
    InvalidRequest,
    MissingTool,
    SourceFailed,
    Unproven,
)
from ansible_collections.curator.glance.plugins.module_utils.source.location import Location
from ansible_collections.curator.glance.plugins.module_utils.source.proving import (
    find_proof,
    verify_source,
)

from support.signing import Signer, signer
from support.upstream import Fault

from .conftest import Site

CONTENT = b"the released bytes"
DIGEST = hashlib.sha512(CONTENT).hexdigest()
FORGED = "0" * 128
MANIFEST = f"{DIGEST}  disk.img\n"
LONG_AGO = "20200101T000000"


@pytest.fixture(scope="module")
def alice() -> Iterator[Signer]:
    """Whom upstream is."""
    with signer() as somebody:
        yield somebody


@pytest.fixture(scope="module")
def mallory() -> Iterator[Signer]:
    """Who is not."""
    with signer() as somebody:
        yield somebody


class Upstream:
    """A site with a manifest and what vouches for it, as a task names them."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.keyring = folder / "keys.gpg"

    def prove(
        self,
        *,
        checksum: str | None = "sha512:{url}",
        signature: str | None = None,
        manifest: str | bytes = MANIFEST,
        signed: bytes = b"",
        keys: bytes | None = None,
    ) -> Proof | None:
        server = self.site.server
        server.write("SUMS", manifest.encode() if isinstance(manifest, str) else manifest)
        server.write("SUMS.sign", signed)
        if keys is not None:
            self.keyring.write_bytes(keys)
        wish = checksum and ChecksumWish.from_option(checksum.format(url=server.url("SUMS")))
        return find_proof(
            wish or None,
            signature=server.url("SUMS.sign") if signed and not signature else signature,
            keyring=None if keys is None else str(self.keyring),
            source=self.site.location,
            web=self.site.web(),
        )


@pytest.fixture
def up(site: Site, tmp_path: Path) -> Upstream:
    """An upstream that signs."""
    return Upstream(site, tmp_path)


def test_a_manifest_on_the_web_is_a_proof(up: Upstream) -> None:
    """Found with one request, however often the server was busy before."""
    up.site.server.faults["SUMS"] = [Fault(times=2, status=503)]
    assert up.prove() == Proof(algorithm="sha512", digest=DIGEST)
    assert up.site.gets == 0


def test_a_manifest_on_this_machine_is_one_too(up: Upstream, tmp_path: Path) -> None:
    """By its path."""
    (tmp_path / "SUMS").write_text(MANIFEST)
    proof = up.prove(checksum=f"sha512:{tmp_path}/SUMS")
    assert proof == Proof(algorithm="sha512", digest=DIGEST)


def test_a_digest_needs_no_request(up: Upstream) -> None:
    """Nor does a source that nothing proves."""
    assert up.prove(checksum=f"sha512:{DIGEST}") == Proof(algorithm="sha512", digest=DIGEST)
    assert up.prove(checksum=None) is None
    assert up.site.server.requests == []


@pytest.mark.parametrize("armoured_keys", [True, False])
@pytest.mark.parametrize("armoured", [True, False])
def test_a_detached_signature_names_the_signer(
    up: Upstream, alice: Signer, *, armoured: bool, armoured_keys: bool
) -> None:
    """Armoured or binary, and the keyring likewise."""
    proof = up.prove(
        signed=alice.detached(MANIFEST.encode(), armoured=armoured),
        keys=alice.public_keys(armoured=armoured_keys),
    )
    assert proof == Proof(algorithm="sha512", digest=DIGEST, signed_by=alice.fingerprint)


def test_a_manifest_can_be_signed_in_place(up: Upstream, alice: Signer) -> None:
    """Then it is its own signature; lines with CRLF at their ends included."""
    for manifest in (MANIFEST, MANIFEST.replace("\n", "\r\n")):
        proof = up.prove(
            manifest=alice.clearsigned(manifest), signature="inline", keys=alice.public_keys()
        )
        assert proof == Proof(algorithm="sha512", digest=DIGEST, signed_by=alice.fingerprint)


@pytest.mark.parametrize("place", ["before", "after", "instead"])
def test_text_around_the_signed_text_is_nothing(up: Upstream, alice: Signer, place: str) -> None:
    """What anybody can add is not read: the signed text is what counts."""
    forged = f"{FORGED}  disk.img\n"
    signed = alice.clearsigned(MANIFEST if place != "instead" else f"{DIGEST}  other.img\n")
    manifest = forged + signed if place == "before" else signed + forged
    if place == "instead":
        with pytest.raises(Unproven, match=r"does not list disk.img"):
            up.prove(manifest=manifest, signature="inline", keys=alice.public_keys())
        return
    proof = up.prove(manifest=manifest, signature="inline", keys=alice.public_keys())
    assert proof
    assert proof.digest == DIGEST


def test_two_signed_texts_are_one_too_many(up: Upstream, alice: Signer, mallory: Signer) -> None:
    """Which of them is meant would be a guess."""
    manifest = mallory.clearsigned(f"{FORGED}  disk.img\n") + alice.clearsigned(MANIFEST)
    with pytest.raises(Unproven, match="has 2 blocks"):
        up.prove(manifest=manifest, signature="inline", keys=alice.public_keys())


def test_a_text_that_was_altered_is_refused(up: Upstream, alice: Signer) -> None:
    """In place and apart."""
    keys = alice.public_keys()
    in_place = alice.clearsigned(MANIFEST).replace(DIGEST, FORGED)
    with pytest.raises(Unproven, match=r"is not over the manifest .*altered"):
        up.prove(manifest=in_place, signature="inline", keys=keys)
    detached = alice.detached(MANIFEST.encode())
    with pytest.raises(Unproven, match=r"is not over the manifest .*altered"):
        up.prove(manifest=MANIFEST.replace(DIGEST, FORGED), signed=detached, keys=keys)


def test_an_unknown_key_is_named(up: Upstream, alice: Signer, mallory: Signer) -> None:
    """So that it can be looked for."""
    with pytest.raises(Unproven) as caught:
        up.prove(signed=mallory.detached(MANIFEST.encode()), keys=alice.public_keys())
    assert f"key {mallory.fingerprint[-16:]}, which the keyring" in caught.value.message
    assert str(up.keyring) in caught.value.message


def test_only_the_named_keyring_counts(
    up: Upstream, alice: Signer, mallory: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the user's own GnuPG trusts proves nothing here."""
    (mallory.home / "trustedkeys.gpg").write_bytes(mallory.public_keys())
    monkeypatch.setenv("GNUPGHOME", str(mallory.home))
    with pytest.raises(Unproven, match="which the keyring"):
        up.prove(signed=mallory.detached(MANIFEST.encode()), keys=alice.public_keys())


def test_one_good_signature_of_several_is_enough(
    up: Upstream, alice: Signer, mallory: Signer
) -> None:
    """Others may have signed as well, with keys that nobody here has; none may be bad."""
    text = MANIFEST.encode()
    both = mallory.detached(text) + alice.detached(text)
    proof = up.prove(signed=both, keys=alice.public_keys())
    assert proof
    assert proof.signed_by == alice.fingerprint
    with pytest.raises(Unproven, match="is not over the manifest"):
        up.prove(signed=alice.detached(text) + alice.detached(b"x"), keys=alice.public_keys())


def test_a_subkey_signs_for_its_primary_key(up: Upstream) -> None:
    """Whose fingerprint is what upstream publishes."""
    with signer() as somebody:
        somebody.add_signing_key()
        detached = somebody.detached(MANIFEST.encode())
        proof = up.prove(signed=detached, keys=somebody.public_keys())
        assert proof
        assert proof.signed_by == somebody.fingerprint
        assert bytes.fromhex(somebody.fingerprint) not in detached


def test_an_expired_key_is_told(up: Upstream) -> None:
    """Though its signature would be good."""
    with signer(time=LONG_AGO, expires="1d") as somebody:
        signed, keys = somebody.detached(MANIFEST.encode()), somebody.public_keys()
    with pytest.raises(Unproven, match=r"has expired. Fetch upstream's present keys"):
        up.prove(signed=signed, keys=keys)


def test_an_expired_signature_is_told(up: Upstream) -> None:
    """Though its key is good."""
    with signer(time=LONG_AGO) as somebody:
        signed = somebody.detached(MANIFEST.encode(), "--default-sig-expire", "1d")
        keys = somebody.public_keys()
    with pytest.raises(Unproven, match=r"signature by the key .* has expired"):
        up.prove(signed=signed, keys=keys)


def test_a_revoked_key_is_told(up: Upstream) -> None:
    """Whatever it signed before."""
    with signer() as somebody:
        signed = somebody.detached(MANIFEST.encode())
        somebody.revoke()
        keys = somebody.public_keys()
    with pytest.raises(Unproven, match="was revoked"):
        up.prove(signed=signed, keys=keys)


def test_a_weak_signature_counts_for_nothing(up: Upstream) -> None:
    """As gpgv judges it."""
    with signer(algorithm="rsa2048") as somebody:
        signed = somebody.detached(MANIFEST.encode(), "--digest-algo", "MD5")
        keys = somebody.public_keys()
    with pytest.raises(Unproven, match="too weak"):
        up.prove(signed=signed, keys=keys)


@pytest.mark.parametrize("kind", ["text", "opaque", "clearsigned", "empty", "damaged"])
def test_what_is_no_detached_signature_is_told(up: Upstream, alice: Signer, kind: str) -> None:
    """Least of all a signed message with a content of its own."""
    detached = alice.detached(MANIFEST.encode())
    signed = {
        "text": b"<html>not found</html>",
        "opaque": alice.opaque(MANIFEST.encode()),
        "clearsigned": alice.clearsigned(MANIFEST).encode(),
        "empty": b"\n",
        "damaged": detached[:20],
    }[kind]
    # What begins like a signature is for gpgv to judge.
    complaint = "no signature over" if kind == "damaged" else "no detached signature over"
    with pytest.raises(Unproven, match=complaint):
        up.prove(signed=signed, keys=alice.public_keys())


def test_inline_needs_a_signed_text(up: Upstream, alice: Signer) -> None:
    """A plain manifest is none."""
    with pytest.raises(Unproven, match="has no blocks that are signed in place"):
        up.prove(signature="inline", keys=alice.public_keys())


@pytest.mark.parametrize(
    "keys, complaint",
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"garbage\n", "holds no OpenPGP keys"),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n", "no whole block"),
        (
            b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n?!\n-----END PGP PUBLIC KEY BLOCK-----\n",
            "damaged",
        ),
        (
            b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n",
            "holds no OpenPGP keys",
        ),
    ],
)
def test_a_keyring_that_is_none_is_told(up: Upstream, keys: bytes, complaint: str) -> None:
    """As what it is, and not as an unknown key; before anything is fetched."""
    with pytest.raises(InvalidRequest, match=complaint):
        up.prove(signature="inline", keys=keys)
    assert up.site.server.requests == []


def test_secret_keys_have_no_place_in_a_keyring(up: Upstream, alice: Signer) -> None:
    """Somebody exported the wrong thing."""
    with pytest.raises(InvalidRequest, match="holds secret keys"):
        up.prove(signature="inline", keys=alice.secret_keys())


def test_keyrings_of_other_kinds_are_keyrings(up: Upstream, alice: Signer, mallory: Signer) -> None:
    """Several armoured blocks, and GnuPG's own format."""
    blocks = mallory.public_keys(armoured=True) + b"\r\n" + alice.public_keys(armoured=True)
    signed = alice.detached(MANIFEST.encode())
    for keys in (blocks, (alice.home / "pubring.kbx").read_bytes()):
        proof = up.prove(signed=signed, keys=keys)
        assert proof
        assert proof.signed_by == alice.fingerprint


@pytest.mark.parametrize(
    "checksum, signature, keyring, complaint",
    [
        ("sha512:/SUMS", "inline", None, "without source_keyring"),
        ("sha512:/SUMS", None, "keys.gpg", "without source_signature"),
        (None, "inline", "keys.gpg", "names no manifest"),
        (f"sha512:{DIGEST}", "inline", "keys.gpg", "names no manifest"),
        (None, "SUMS.sign", "nosuch.gpg", "keyring .*nosuch.gpg cannot be read: No such file"),
        (None, "SUMS.sign", "https://a.org/keys", "keep it in a file"),
    ],
)
def test_what_does_not_go_together_is_refused(
    site: Site, checksum: str | None, signature: str | None, keyring: str | None, complaint: str
) -> None:
    """A signature without a key, a key without a signature, inline without a text."""
    wish = ChecksumWish.from_option(checksum) if checksum else None
    with pytest.raises(InvalidRequest, match=complaint):
        find_proof(wish, signature=signature, keyring=keyring, source=site.location, web=site.web())


def test_gpgv_that_is_not_there_is_told(
    up: Upstream, alice: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the package that has it."""
    signed = alice.detached(MANIFEST.encode())
    keys = alice.public_keys()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(MissingTool, match=r"package gpgv .* gnupg2"):
        up.prove(signed=signed, keys=keys)


def test_a_signature_over_the_source_is_checked_when_it_is_here(
    up: Upstream, alice: Signer, tmp_path: Path
) -> None:
    """Some upstreams sign no manifest, but each file."""
    source = tmp_path / "disk.img"
    source.write_bytes(CONTENT)
    signed = alice.detached(CONTENT)
    assert up.prove(checksum=None, signed=signed, keys=alice.public_keys()) is None
    web, keyring = up.site.web(), str(up.keyring)
    signature = up.site.server.url("SUMS.sign")
    assert verify_source(source, signature=signature, keyring=keyring, web=web) == alice.fingerprint
    source.write_bytes(b"other bytes")
    with pytest.raises(Unproven, match="is not over the source"):
        verify_source(source, signature=signature, keyring=keyring, web=web)


def test_no_secret_of_an_address_is_told(up: Upstream, alice: Signer) -> None:
    """In whichever of the errors that name a manifest or a signature."""
    server = up.site.server
    up.keyring.write_bytes(alice.public_keys())
    server.write("html", b"<html>")
    server.write("empty", b"")
    for path in ("html", "empty", "missing"):
        url = Location(f"{server.url(path, userinfo='user:secret@')}?token=hidden").text
        for signature in (None, "inline", url):
            with pytest.raises(CuratorError) as caught:
                find_proof(
                    ChecksumWish.from_option(f"sha512:{url}"),
                    signature=signature,
                    keyring=str(up.keyring) if signature else None,
                    source=up.site.location,
                    web=up.site.web(),
                )
            assert isinstance(caught.value, SourceFailed | Unproven)
            assert "secret" not in caught.value.message
            assert "hidden" not in caught.value.message
