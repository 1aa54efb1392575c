# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The tables: what Nova reads of an image that is no hardware, and that nobody shall lose.

Each says what an image is made of, whose it is, or why its bytes are believed. A task that makes
hardware exact must never take it away: the image could no longer start, or be read.
"""

from __future__ import annotations

from ..property import Kind, Property, choice, flag, text

_VOLUMES = "Nova writes it where a server's volumes become an image, which is lost without it"
_SIGNATURE = "It belongs to the signature of the image's bytes. Set it with image_metadata"
_OWNER = "Nova writes it on a snapshot. The option owner of image_metadata gives an image away"
_ENCRYPTED = "Nova writes it on a snapshot of encrypted disks, which nobody can read without it"

# Each with why it is refused.
KEPT: tuple[tuple[Property, str], ...] = (
    (text("img_block_device_mapping", "The volumes that the image is made of"), _VOLUMES),
    (flag("img_bdm_v2", "In which form the volumes are written down"), _VOLUMES),
    (text("img_mappings", "The device names of the image's disks"), _VOLUMES),
    (text("img_root_device_name", "The device name of the root disk"), _VOLUMES),
    (
        text(
            "block_device_mapping",
            "The volumes that the image is made of",
            instead="img_block_device_mapping",
        ),
        _VOLUMES,
    ),
    (
        flag("bdm_v2", "In which form the volumes are written down", instead="img_bdm_v2"),
        _VOLUMES,
    ),
    (text("mappings", "The device names of the disks", instead="img_mappings"), _VOLUMES),
    (
        text(
            "root_device_name",
            "The device name of the root disk",
            instead="img_root_device_name",
        ),
        _VOLUMES,
    ),
    (text("img_owner_id", "The project of the server that a snapshot is of"), _OWNER),
    (
        text("owner_id", "The project of the server that a snapshot is of", instead="img_owner_id"),
        _OWNER,
    ),
    (text("img_signature", "The signature of the image's bytes"), _SIGNATURE),
    (
        choice(
            "img_signature_hash_method",
            "The digest that was signed",
            "SHA-224",
            "SHA-256",
            "SHA-384",
            "SHA-512",
        ),
        _SIGNATURE,
    ),
    (
        choice(
            "img_signature_key_type",
            "The kind of key that signed",
            "DSA",
            "ECC_SECP384R1",
            "ECC_SECP521R1",
            "ECC_SECT409K1",
            "ECC_SECT409R1",
            "ECC_SECT571K1",
            "ECC_SECT571R1",
            "RSA-PSS",
        ),
        _SIGNATURE,
    ),
    (
        Property(
            name="img_signature_certificate_uuid",
            kind=Kind.UUID,
            meaning="The certificate of the key that signed",
        ),
        _SIGNATURE,
    ),
    (
        Property(
            name="hw_ephemeral_encryption_secret_uuid",
            kind=Kind.UUID,
            meaning="The secret that the disks are encrypted with",
        ),
        _ENCRYPTED,
    ),
)
