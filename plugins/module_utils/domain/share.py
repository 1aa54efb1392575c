# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Who may use an image: what an owner grants and what a consumer answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from ..errors import InvalidRequest, NotShared
from .image import Image, ImageState, Member
from .plan import AddMember, AnswerShare, PatchImage, Plan, RemoveMember, Step
from .values import some
from .visibility import operation, when_forbidden

ANSWERS = ("accepted", "rejected", "pending")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareWish:
    """What the task asks for."""

    image: str
    # None: the task says nothing about projects.
    projects: tuple[str, ...] | None = None
    project_domain: str | None = None
    present: bool = True
    exact: bool = False
    visibility: str | None = None
    answer: str | None = None
    member_quota: int = 128

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Read the task's options, and refuse what contradicts itself."""
        projects = params["projects"]
        wish = cls(
            image=params["image"],
            # Once each, in the order they were named.
            projects=None if projects is None else tuple(dict.fromkeys(projects)),
            project_domain=params["project_domain"],
            present=params["state"] == "present",
            exact=params["exact"],
            visibility=params["visibility"],
            answer=params["status"],
            member_quota=params["member_quota"],
        )
        wish._check()
        return wish

    def _check(self) -> None:
        if not self.image:
            raise InvalidRequest("image is empty. Give the name or the id of an image.")
        if self.projects and "" in self.projects:
            raise InvalidRequest(
                "projects holds an empty string, often an undefined variable. "
                "Give the name or the id of each project."
            )
        if self.member_quota < 0:
            raise InvalidRequest(
                f"member_quota is {self.member_quota}. Give the cloud's image_member_quota, or 0 "
                "for no check."
            )
        if self.answer and (self.exact or not self.present):
            raise InvalidRequest(
                "status is the answer of a consumer; exact and state are for the owner of the "
                "image. Use two tasks, each with the cloud of its project."
            )
        if self.exact and self.projects is None:
            raise InvalidRequest(
                "exact is true without projects. Name all projects that may use the image, or "
                "give an empty list to take it away from all."
            )
        if not self.present and self.projects is None:
            raise InvalidRequest(
                "state is absent without projects. Name the projects to remove; to remove all, "
                "give exact: true and an empty list."
            )
        if self.exact and not self.present:
            raise InvalidRequest(
                "exact is true with state: absent. With exact, projects are all that remain; "
                "with absent, they are those to be removed. Use one of the two."
            )
        if self.grants and self.visibility not in {None, "shared"}:
            raise InvalidRequest(
                f"projects are named with visibility: {self.visibility}. Only an image whose "
                "visibility is shared has members. Leave visibility out or set it to shared."
            )

    @property
    def grants(self) -> bool:
        """Whether some project is to be given the image."""
        return self.present and bool(self.projects)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedImage:
    """What the cloud showed: the image, who has it, and which projects the task means."""

    state: ImageState
    own_project: str | None
    # The id of each project that the task named; a name that means none is left out.
    projects: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def image(self) -> Image:
        """The image as it stands."""
        return self.state.image


def plan_share(wish: ShareWish, seen: SharedImage) -> Plan:
    """What it takes to make the image as shared as the task wants it."""
    if wish.answer:
        return _plan_answer(wish.answer, seen)
    wanted, warnings = _wanted_members(wish, seen)
    seen = replace(seen, warnings=(*seen.warnings, *warnings))
    target = _target_visibility(wish, seen.image, grants=wish.present and bool(wanted))
    if target == "shared" != seen.image.visibility:
        return _plan_entering(wish, seen, wanted)
    if seen.image.visibility == "shared":
        return _plan_members(wish, seen, wanted, target)
    return _plan_unshared(wish, seen, target)


def _target_visibility(wish: ShareWish, image: Image, *, grants: bool) -> str:
    """`grants`: somebody gets the image; its owner, who has it, is nobody here."""
    if wish.visibility:
        return wish.visibility
    if not grants or image.visibility in {"private", "shared"}:
        return "shared" if grants else image.visibility
    raise InvalidRequest(
        f"Image {image.id} is {image.visibility}: everybody may use it, and it can have no "
        "members. If only the named projects shall use it, say visibility: shared."
    )


def _plan_entering(wish: ShareWish, seen: SharedImage, wanted: dict[str, Member]) -> Plan:
    """The image becomes shared; only then do its old members show."""
    image = seen.image
    members = tuple(wanted.values()) if wish.present else ()
    return Plan(
        before=seen.state,
        after=ImageState(image=replace(image, visibility="shared"), members=members),
        steps=(_change_visibility(image, "shared"),),
        warnings=(*seen.warnings, *_quota_warning(wish, len(members))),
        guesses=(
            f"Image {image.id} is {image.visibility}: members that it had when it was last shared "
            "cannot be read now and come back with it"
            + (
                ", to be removed at once where the task does not want them."
                if wish.exact or not wish.present
                else "."
            ),
        ),
        look_again=True,
    )


def _plan_members(
    wish: ShareWish, seen: SharedImage, wanted: dict[str, Member], target: str
) -> Plan:
    """The image is shared, and may be about to leave that state."""
    image = seen.image
    current = {member.project_id: member for member in seen.state.members or ()}
    warnings: tuple[str, ...] = ()
    if wish.exact:
        unwanted = [member for member in current if member not in wanted]
    elif wish.present:
        unwanted = []
    else:
        unwanted = [member for member in wanted if member in current]
    missing = [member for member in wanted if member not in current] if wish.present else []

    kept = {
        project: replace(member, project_name=wanted[project].project_name)
        if project in wanted
        else member
        for project, member in current.items()
        if project not in unwanted
    }
    members = (*kept.values(), *(wanted[project] for project in missing))
    steps: list[Step] = [
        # Before the additions, which a full quota would stop.
        *(RemoveMember(image_id=image.id, project_id=project) for project in unwanted),
        *(
            AddMember(
                image_id=image.id,
                project_id=project,
                project_name=wanted[project].project_name,
            )
            for project in missing
        ),
    ]
    before = ImageState(
        image=image,
        members=tuple(
            replace(member, project_name=wanted[project].project_name)
            if project in wanted
            else member
            for project, member in current.items()
        ),
    )
    if target == "shared":
        after = ImageState(image=image, members=members)
        warnings = (*warnings, *_quota_warning(wish, len(members), growing=bool(missing)))
    else:
        # Last: members of an image that is not shared can no longer be removed.
        steps.append(_change_visibility(image, target))
        after = ImageState(image=replace(image, visibility=target), members=())
        if members:
            warnings = (
                *warnings,
                (
                    f"Image {image.id} keeps the grants of {some(list(kept))}, who have it back "
                    "when it is shared again. To remove them too, add exact: true and projects: []."
                ),
            )
    return Plan(
        before=before, after=after, steps=tuple(steps), warnings=(*seen.warnings, *warnings)
    )


def _plan_unshared(wish: ShareWish, seen: SharedImage, target: str) -> Plan:
    """The image is not shared and will not be: members can neither be read nor changed."""
    image = seen.image
    steps = () if target == image.visibility else (_change_visibility(image, target),)
    warnings = seen.warnings
    # Not where the task says that it shall be so: it would warn every night of what is long done.
    if (wish.exact or not wish.present) and (steps or not wish.visibility):
        warnings = (
            *warnings,
            (
                f"Image {image.id} is {image.visibility}: members that it had when it was last "
                "shared cannot be read or removed now. They come back with visibility: shared, "
                "and can be removed then."
            ),
        )
    return Plan(
        before=replace(seen.state, members=()),
        after=ImageState(image=replace(image, visibility=target), members=()),
        steps=steps,
        warnings=warnings,
    )


def _plan_answer(answer: str, seen: SharedImage) -> Plan:
    """What the consumer says to an image that it was offered."""
    image, project = seen.image, seen.own_project
    if project is None:
        raise InvalidRequest(
            "status is the answer of a project, and this session is not scoped to one. "
            "Log in with project_name or project_id."
        )
    if image.owner == project:
        raise InvalidRequest(
            f"Image {image.id} belongs to project {project}, the one of this session; there is "
            "nothing to answer. Use the cloud of the project that it is shared with."
        )
    if image.visibility != "shared":
        raise NotShared(
            f"Image {image.id} is {image.visibility}, not shared; there is nothing to answer."
        )
    current = next((m for m in seen.state.members or () if m.project_id == project), None)
    if current is None:
        raise NotShared(
            f"Image {image.id} is not shared with project {project}. Its owner, project "
            f"{image.owner}, has to share it first."
        )
    answered = ImageState(image=image, members=(replace(current, status=answer),))
    before = ImageState(image=image, members=(current,))
    if current.status == answer:
        return Plan(before=before, after=before, warnings=seen.warnings)
    step = AnswerShare(image_id=image.id, project_id=project, status=answer)
    return Plan(before=before, after=answered, steps=(step,), warnings=seen.warnings)


def _wanted_members(
    wish: ShareWish, seen: SharedImage
) -> tuple[dict[str, Member], tuple[str, ...]]:
    """The members that the task names, by project id, as they would be if they were new."""
    wanted: dict[str, Member] = {}
    warnings: tuple[str, ...] = ()
    for reference in wish.projects or ():
        project = seen.projects.get(reference)
        if project is None:
            # To be removed, and not there: the reader said so.
            continue
        if project == seen.image.owner and wish.present:
            warnings = (
                *warnings,
                (
                    f"Project {reference} owns image {seen.image.id} and needs no share of it; it "
                    "was left out."
                ),
            )
            continue
        wanted.setdefault(
            project,
            Member(
                project_id=project,
                status="pending",
                project_name=reference if reference != project else None,
            ),
        )
    return wanted, warnings


def _change_visibility(image: Image, visibility: str) -> PatchImage:
    return PatchImage(
        image_id=image.id,
        operations=(operation(visibility),),
        summary=f"change image {image.id} from {image.visibility} to {visibility}",
        when_forbidden=when_forbidden(visibility),
    )


def _quota_warning(wish: ShareWish, members: int, *, growing: bool = True) -> tuple[str, ...]:
    if not wish.member_quota or members <= wish.member_quota or not growing:
        return ()
    return (
        (
            f"{members} members are more than member_quota ({wish.member_quota}). Clouds limit the "
            "members of an image (image_member_quota, 128 unless configured) and tell nobody their "
            "limit; above it they refuse. Consider visibility: community."
        ),
    )
