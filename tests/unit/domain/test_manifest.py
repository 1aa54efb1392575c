# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manifests as distributions publish them: the right digest, or a clear word why there is none."""

from __future__ import annotations

import pytest
from ansible_collections.curator.glance.plugins.module_utils.domain.manifest import digest_in
from ansible_collections.curator.glance.plugins.module_utils.errors import Unproven
from hypothesis import example, given
from hypothesis import strategies as st

WHERE = "https://example.org/SUMS"
MD5, OTHER_MD5 = "1" * 32, "2" * 32
SHA1 = "3" * 40
SHA256, OTHER_SHA256 = "4a" * 32, "5b" * 32
SHA512, OTHER_SHA512 = "6c" * 64, "7d" * 64


def digest(text: str, file_name: str, algorithm: str = "sha256") -> str:
    return digest_in(text, algorithm=algorithm, file_name=file_name, manifest=WHERE)


DEBIAN = f"""\
{OTHER_SHA512}  debian-12-genericcloud-amd64.json
{SHA512}  debian-12-genericcloud-amd64.qcow2
{OTHER_SHA512}  debian-12-genericcloud-amd64.raw
{OTHER_SHA512}  debian-12-genericcloud-amd64.tar.xz
"""
UBUNTU = f"""\
{OTHER_SHA256} *noble-server-cloudimg-amd64-root.tar.xz
{SHA256} *noble-server-cloudimg-amd64.img
{OTHER_SHA256} *noble-server-cloudimg-amd64.vmdk
"""
FEDORA = f"""\
-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

# Fedora-Cloud-Base-AmazonEC2-42-1.1.x86_64.raw.xz: 355520512 bytes
SHA256 (Fedora-Cloud-Base-AmazonEC2-42-1.1.x86_64.raw.xz) = {OTHER_SHA256}
# Fedora-Cloud-Base-Generic-42-1.1.x86_64.qcow2: 530841600 bytes
SHA256 (Fedora-Cloud-Base-Generic-42-1.1.x86_64.qcow2) = {SHA256}
-----BEGIN PGP SIGNATURE-----

iQIzBAEBCAAdFiEEsPSVBFj2nh+AFsleyMIm0QXlTc0FAmf3vVgACgkQyMIm0QXl
Tc3fJA//WOsAkdQwdUwyQ0gBuVqv0bCBJL/kTQ4RY8cBkoTzLHvDgtmZ+2hAxhjF
=8o8P
-----END PGP SIGNATURE-----
"""
CENTOS = f"""\
# CentOS-Stream-GenericCloud-10-20250331.0.x86_64.qcow2: 999227392 bytes
SHA256 (CentOS-Stream-GenericCloud-10-20250331.0.x86_64.qcow2) = {SHA256}
"""
ALMA = f"""\
{OTHER_SHA256}  AlmaLinux-9-GenericCloud-9.5-20241120.x86_64.qcow2
{SHA256}  AlmaLinux-9-GenericCloud-latest.x86_64.qcow2
"""
ROCKY = f"""\
# Rocky-9-GenericCloud-Base-9.5-20241118.0.x86_64.qcow2: 609812480 bytes
SHA256 (Rocky-9-GenericCloud-Base-9.5-20241118.0.x86_64.qcow2) = {SHA256}
# Rocky-9-GenericCloud-LVM.latest.x86_64.qcow2: 609812480 bytes
SHA256 (Rocky-9-GenericCloud-LVM.latest.x86_64.qcow2) = {OTHER_SHA256}
"""
OPENSUSE = f"{SHA256}  openSUSE-Leap-15.6-Minimal-VM.x86_64-15.6.0-Cloud-Build16.34.qcow2\n"
ARCH = f"{SHA256}  Arch-Linux-x86_64-cloudimg-20250315.322357.qcow2\n"
ALPINE = f"{SHA512}\n"
ALPINE_GNU = f"{SHA512}  nocloud_alpine-3.21.2-x86_64-bios-cloudinit-r0.qcow2\n"
FREEBSD = f"""\
SHA512 (FreeBSD-14.2-RELEASE-amd64-BASIC-CLOUDINIT-ufs.qcow2.xz) = {SHA512}
SHA512 (FreeBSD-14.2-RELEASE-amd64-BASIC-CLOUDINIT-zfs.qcow2.xz) = {OTHER_SHA512}
"""
FLATCAR = f"""\
# MD5 HASH
{MD5}  flatcar_production_openstack_image.img.bz2
# SHA1 HASH
{SHA1}  flatcar_production_openstack_image.img.bz2
# SHA512 HASH
{SHA512}  flatcar_production_openstack_image.img.bz2
"""
GENTOO = f"""\
# BLAKE2B HASH
{OTHER_SHA512}  di-amd64-cloudinit-20250406.qcow2
# SHA512 HASH
{SHA512}  di-amd64-cloudinit-20250406.qcow2
"""
NETBSD = f"""\
MD5 (NetBSD-10.1-amd64.img.gz) = {MD5}
SHA1 (NetBSD-10.1-amd64.img.gz) = {SHA1}
SHA256 (NetBSD-10.1-amd64.img.gz) = {SHA256}
SHA512 (NetBSD-10.1-amd64.img.gz) = {SHA512}
"""


@pytest.mark.parametrize(
    "text, file_name, algorithm, expected",
    [
        (DEBIAN, "debian-12-genericcloud-amd64.qcow2", "sha512", SHA512),
        (UBUNTU, "noble-server-cloudimg-amd64.img", "sha256", SHA256),
        (FEDORA, "Fedora-Cloud-Base-Generic-42-1.1.x86_64.qcow2", "sha256", SHA256),
        (CENTOS, "CentOS-Stream-GenericCloud-10-20250331.0.x86_64.qcow2", "sha256", SHA256),
        (ALMA, "AlmaLinux-9-GenericCloud-latest.x86_64.qcow2", "sha256", SHA256),
        (ROCKY, "Rocky-9-GenericCloud-Base-9.5-20241118.0.x86_64.qcow2", "sha256", SHA256),
        (
            OPENSUSE,
            "openSUSE-Leap-15.6-Minimal-VM.x86_64-15.6.0-Cloud-Build16.34.qcow2",
            "sha256",
            SHA256,
        ),
        (ARCH, "Arch-Linux-x86_64-cloudimg-20250315.322357.qcow2", "sha256", SHA256),
        (ALPINE, "nocloud_alpine-3.21.2-x86_64-bios-cloudinit-r0.qcow2", "sha512", SHA512),
        (ALPINE_GNU, "nocloud_alpine-3.21.2-x86_64-bios-cloudinit-r0.qcow2", "sha512", SHA512),
        (FREEBSD, "FreeBSD-14.2-RELEASE-amd64-BASIC-CLOUDINIT-ufs.qcow2.xz", "sha512", SHA512),
        (FLATCAR, "flatcar_production_openstack_image.img.bz2", "sha512", SHA512),
        (FLATCAR, "flatcar_production_openstack_image.img.bz2", "sha1", SHA1),
        (GENTOO, "di-amd64-cloudinit-20250406.qcow2", "sha512", SHA512),
        (NETBSD, "NetBSD-10.1-amd64.img.gz", "sha512", SHA512),
        (NETBSD, "NetBSD-10.1-amd64.img.gz", "sha256", SHA256),
        (NETBSD, "NetBSD-10.1-amd64.img.gz", "md5", MD5),
    ],
)
def test_what_distributions_publish_is_read(
    text: str, file_name: str, algorithm: str, expected: str
) -> None:
    """GNU, BSD and bare forms, with comments, sections and signatures around them."""
    assert digest(text, file_name, algorithm) == expected
    assert digest(text.replace("\n", "\r\n"), file_name, algorithm) == expected
    assert digest(f"\ufeff{text.rstrip()}", file_name, algorithm) == expected


@pytest.mark.parametrize(
    "line",
    [
        f"{SHA256}  ./disk.img",
        f"{SHA256} *./disk.img",
        f"{SHA256}  images/2026/disk.img",
        f"{SHA256}\tdisk.img",
        f"{SHA256.upper()}  disk.img",
        f"SHA256 (disk.img) = {SHA256}",
        f"SHA256(./disk.img)= {SHA256}",
        f"SHA2-256(disk.img)= {SHA256}",
        f"sha-256 (images/disk.img) = {SHA256}",
    ],
)
def test_a_name_is_found_however_it_is_written(line: str) -> None:
    """As different tools write it, between lines about other files."""
    text = f"{OTHER_SHA256}  disk.img.xz\n{line}\n{OTHER_SHA256}  a-disk.img\n"
    assert digest(text, "disk.img") == SHA256


@pytest.mark.parametrize(
    "text, file_name",
    [
        (f"{SHA256}  my disk (1).img\n", "my disk (1).img"),
        (f"SHA256 (my disk (1).img) = {SHA256}\n", "my disk (1).img"),
        (f"\\{SHA256}  back\\\\slash\\n.img\n", "back\\slash\n.img"),
        (f"{SHA256}  Ångström\u2028.img\n", "Ångström\u2028.img"),
    ],
)
def test_odd_names_are_names(text: str, file_name: str) -> None:
    """Spaces, brackets, what GNU tools escape, and what looks like the end of a line."""
    assert digest(text, file_name) == SHA256


def test_a_name_counts_before_the_end_of_a_path() -> None:
    """A manifest for a tree may have the name again further down."""
    text = f"{OTHER_SHA256}  old/disk.img\n{SHA256}  disk.img\n"
    assert digest(text, "disk.img") == SHA256


def test_equal_lines_say_the_same() -> None:
    """Twice is no trouble as long as it is the same digest."""
    assert digest(f"{SHA256}  a\n{SHA256.upper()} *a\n", "a") == SHA256


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("", "holds no checksum"),
        ("\n# nothing\n", "holds no checksum"),
        ("404: Not Found", "holds no checksum"),
        (f"{SHA256[:20]}  disk.img\n", "holds no checksum"),
        ("\x00\x01\x02", "holds no checksum"),
        (f"<!DOCTYPE html>\n<p>{SHA256}  disk.img\n</p>", "is an HTML page"),
        (f"\n <html>\n{SHA256}  disk.img\n", "is an HTML page"),
        (
            f"{SHA256}  disk-2.img\n{SHA256}  x\n",
            r"does not list disk.img; it lists, among 2 names, disk-2.img\.",
        ),
        (f"{SHA256}  x\n{OTHER_SHA256}  y\n", "does not list disk.img; it lists x, y"),
        (f"{SHA256}  disk.img\n{OTHER_SHA256}  disk.img\n", "2 times with different sha256"),
        (f"{SHA256}  a/disk.img\n{OTHER_SHA256}  b/disk.img\n", "2 times with different"),
        (f"{SHA256}\n{OTHER_SHA256}\n", "holds 2 digests without names"),
        (f"{SHA512}  disk.img\n", r"128 digits \(this looks like sha512\)"),
        (f"SHA512 (disk.img) = {SHA512}\n", r"128 digits \(labelled sha512\)"),
        (f"SHA3-256 (disk.img) = {SHA256}\n", r"64 digits \(labelled sha3256\)"),
        (f"{MD5}\n", r"32 digits \(this looks like md5\)"),
        (f"{SHA256}0000  disk.img\n", "68 digits"),
    ],
)
def test_a_manifest_that_proves_nothing_is_refused(text: str, complaint: str) -> None:
    """With its address, and a word on what to do."""
    with pytest.raises(Unproven, match=complaint) as caught:
        digest(text, "disk.img")
    assert WHERE in caught.value.message


def test_signed_names_do_not_come_from_the_signature() -> None:
    """Lines inside of a signature block are none of the manifest."""
    hidden = FEDORA.replace("=8o8P", f"{OTHER_SHA256}  disk.img")
    with pytest.raises(Unproven, match="does not list"):
        digest(hidden, "disk.img")


def test_a_stranger_cannot_write_into_our_messages() -> None:
    """Names are shown without control characters, and not at any length."""
    text = f"{SHA256}  \x1b[31m{'x' * 5000}\n"
    with pytest.raises(Unproven) as caught:
        digest(text, "disk.img")
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 600


_DIGESTS = st.sampled_from([MD5, SHA1, SHA256, OTHER_SHA256, SHA512, SHA256[:-1], "", "zz"])
_NAMES = st.sampled_from(["disk.img", "./disk.img", "a/disk.img", "other", "(", ") = ", "\\n"])
_LINES = st.one_of(
    st.builds("{}{}{}".format, _DIGESTS, st.sampled_from(["  ", " *", "\t", "", " "]), _NAMES),
    st.builds("{} ({}) = {}".format, st.sampled_from(["SHA256", "MD5", "X"]), _NAMES, _DIGESTS),
    st.sampled_from(
        [
            "# SHA512 HASH",
            "# comment",
            "-----BEGIN PGP SIGNED MESSAGE-----",
            "-----BEGIN PGP SIGNATURE-----",
            "-----END PGP SIGNATURE-----",
            "- -----BEGIN PGP SIGNATURE-----",
            "<html>",
        ]
    ),
    st.text(),
)


@given(
    lines=st.lists(_LINES),
    end=st.sampled_from(["\n", "\r\n", "\r", ""]),
    algorithm=st.sampled_from(["md5", "sha256", "sha512"]),
)
@example(lines=[SHA256 + " " * 5000], end="\n", algorithm="sha256")
@example(lines=["SHA256 (" + "(" * 5000], end="\n", algorithm="sha256")
def test_no_text_does_harm(lines: list[str], end: str, algorithm: str) -> None:
    """Whatever a server sends: a digest of the right length that it holds, or one clear error."""
    text = end.join(lines)
    try:
        found = digest(text, "disk.img", algorithm)
    except Unproven as error:
        assert WHERE in error.message  # noqa: PT017  (the other outcome is as good)
    else:
        assert len(found) == {"md5": 32, "sha256": 64, "sha512": 128}[algorithm]
        assert found in text.lower()
