# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The one family of errors that the rooms of the collection raise.

A message says what was wrong, with which value, and what to do next. Only module.py turns an error
into a failed task; `facts` become keys of that result.
"""

from __future__ import annotations

from typing import Any


class CuratorError(Exception):
    """Anything that ends a task, in words for the person who runs it."""

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class InvalidRequest(CuratorError):
    """The task asks for something that cannot be, whatever the cloud says."""


class MissingLibrary(CuratorError):
    """A Python library that the module needs is not where the module runs."""


class NotFound(CuratorError):
    """The cloud has nothing under that name or id."""


class ImageNotFound(NotFound):
    """The image a task is about does not exist, or not for this session."""


class NotShared(ImageNotFound):
    """The image is not there for this consumer yet: nobody shared it."""


class Ambiguous(CuratorError):
    """Several things bear one name, and taking the first would be a guess."""


class NotReady(CuratorError):
    """The image is in a state in which the cloud cannot take the change."""


class InUse(CuratorError):
    """Somebody needs the image, and would be harmed."""


class Unreachable(CuratorError):
    """Nothing answers, or nobody whom the session may trust."""


class ConnectionLost(Unreachable):
    """No connection came about, or it broke; a moment later the same may come through."""


class AuthenticationFailed(CuratorError):
    """The cloud does not accept the credentials."""


class RequestFailed(CuratorError):
    """The cloud answered a request with an error."""


class Forbidden(RequestFailed):
    """The cloud's policy does not allow it to this session (403)."""


class Conflict(RequestFailed):
    """It is so already, or somebody else was quicker (409)."""


class OverLimit(RequestFailed):
    """A quota or size limit of the cloud is reached (413)."""


class PartlyDone(CuratorError):
    """Some steps were carried out before one failed; both kinds are listed."""


class SourceFailed(CuratorError):
    """What an image is made from cannot be fetched or read."""


class Unproven(CuratorError):
    """The bytes, or the checksums that are to prove them, are not what was released."""


class RefusedDisk(CuratorError):
    """A file that is not what it was said to be, or that no tool may safely open."""


class NoSpace(CuratorError):
    """A disk on this machine is too full for what has to be kept there."""


class MissingTool(CuratorError):
    """A program that the task needs is not where the module runs, or does not work there."""


class CheckFailed(CuratorError):
    """What was tried out is not what it should be; the facts are all that was seen."""


class Interrupted(CuratorError):
    """The task was told to stop, or those who wait for its result are gone."""
