# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""The only file that knows AnsibleModule: build it, run a task in it, and end it.

A module says how to understand its options, how to read what it needs to know, and, if it changes
something, how to plan. The rest is the same for all of them and stands here: check mode, diff,
what a failed task says, and which secrets no output may show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from ansible.module_utils.basic import AnsibleModule

from .authentication import (
    AUTHENTICATION,
    CREDENTIAL_OPTIONS,
    secrets_of_task,
    with_secrets_as_text,
)
from .cloud.apply import carry_out
from .cloud.connect import Cloud, connect
from .domain.plan import Planning
from .domain.values import only_differences
from .errors import CheckFailed, CuratorError, ImageNotFound

Wish = TypeVar("Wish")
Seen = TypeVar("Seen")
Planned = TypeVar("Planned", bound=Planning)


class CuratorModule(AnsibleModule):
    """A module of this collection: what it is about to say is known to be free of secrets."""

    def __init__(self, options: Mapping[str, Any], **rules: Any) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            argument_spec=dict(options), supports_check_mode=True, **rules
        )

    def _load_params(self) -> None:
        # Before anything checks, logs or returns the parameters: a misspelt option must not show
        # the password that stands beside it. Masking `auth` as a whole would be shorter and would
        # turn every "admin" in every result into stars.
        super()._load_params()  # type: ignore[no-untyped-call]
        self.no_log_values.update(secrets_of_task(self.params))
        for option in CREDENTIAL_OPTIONS & self.params.keys():
            self.params[option] = with_secrets_as_text(self.params[option])

    def end(self, work: Callable[[], dict[str, Any]]) -> None:
        """Do the work and end with its result, or say why there is none."""
        try:
            result = work()
        except CuratorError as error:
            self.fail_json(msg=error.message, **error.facts)
        self.exit_json(**result)


class CloudModule(CuratorModule):
    """A module that talks to a cloud, with the options that name it."""

    def __init__(self, options: Mapping[str, Any], **rules: Any) -> None:
        super().__init__({**options, **AUTHENTICATION}, **rules)

    def session(self, options: Mapping[str, Any] | None = None) -> Cloud:
        """A session with the cloud of this task, or with another one that it names."""
        cloud = connect(self.params if options is None else options)
        self.no_log_values.update(cloud.secrets)
        return cloud


def run_change(
    options: Mapping[str, Any],
    *,
    understand: Callable[[Mapping[str, Any]], Wish],
    read: Callable[[Cloud, Wish], Seen],
    plan: Callable[[Wish, Seen], Planned],
    apply: Callable[[Cloud, Planned, Callable[[], Planned]], Planned] = carry_out,  # type: ignore[assignment]
    predicted: Mapping[str, Any] | None = None,
    **rules: Any,
) -> None:
    """Run a module that changes an image: read, plan, and outside check mode apply.

    `predicted` is what the result also holds in check mode when there is no such image yet.
    """
    module = CloudModule(options, **rules)

    def work() -> dict[str, Any]:
        wish = understand(module.params)
        cloud = module.session()

        def look() -> Planned:
            return plan(wish, read(cloud, wish))

        return _change(module, look, lambda plan: apply(cloud, plan, look), predicted or {})

    module.end(work)


class Errand(Protocol):
    """What is to be done in other clouds for what one has."""

    def look(self) -> Planning:
        """Read, and plan."""

    def carry_out(self, plan: Any) -> Planning:
        """Do what the plan says; the result is the plan as it was done."""

    def require_all(self, result: dict[str, Any]) -> None:
        """Raise what failed, with the result of the rest, if not all of it was done."""


def run_between(
    options: Mapping[str, Any],
    *,
    understand: Callable[[Mapping[str, Any]], Wish],
    errand: Callable[[Cloud, Wish, Callable[[Mapping[str, Any]], Cloud]], Errand],
    predicted: Mapping[str, Any] | None = None,
    **rules: Any,
) -> None:
    """Run a module that changes other clouds than the task's own, as `run_change` does.

    An errand begins with the task's cloud, what was asked, and a way to meet the others.
    """
    module = CloudModule(options, **rules)

    def work() -> dict[str, Any]:
        wish = understand(module.params)
        todo = errand(module.session(), wish, module.session)
        result = _change(module, todo.look, todo.carry_out, predicted or {})
        todo.require_all(result)
        return result

    module.end(work)


def run_info(
    options: Mapping[str, Any],
    *,
    understand: Callable[[Mapping[str, Any]], Wish],
    read: Callable[[Cloud, Wish], Mapping[str, Any]],
    **rules: Any,
) -> None:
    """Run a module that only tells: what it reads is its result.

    Of that, `warnings` become the module's, and a `diff` is for who asks for one.
    """
    module = CloudModule(options, **rules)

    def work() -> dict[str, Any]:
        wish = understand(module.params)
        told = {"changed": False, **read(module.session(), wish)}
        _warn(module, told.pop("warnings", ()))
        if not module._diff:  # noqa: SLF001  # Ansible has no public name for --diff.
            told.pop("diff", None)
        return told

    module.end(work)


def run_check(
    options: Mapping[str, Any],
    *,
    understand: Callable[[Mapping[str, Any]], Wish],
    check: Callable[[Wish, Callable[[], Cloud]], Mapping[str, Any]],
    foresee: Callable[[Wish, Callable[[], Cloud]], Mapping[str, Any]],
    **rules: Any,
) -> None:
    """Run a module that tries something out, in a cloud or beside it, and leaves nothing of it.

    But the verdict: where that is written down, what `check` tells also has `changed` and `diff`.
    What it tells has `passed`, and `reason`, with which the task fails if it did not pass.
    `foresee` tells the same in check mode, where nothing is tried.
    """
    module = CloudModule(options, **rules)
    tell = foresee if module.check_mode else check

    def work() -> dict[str, Any]:
        told = {"changed": False, **tell(understand(module.params), module.session)}
        _warn(module, told.pop("warnings", ()))
        if not module._diff:  # noqa: SLF001  # As above.
            told.pop("diff", None)
        if told["passed"] is False:
            raise CheckFailed(told["reason"], **told)
        return told

    module.end(work)


def run_local(
    options: Mapping[str, Any],
    *,
    understand: Callable[[Mapping[str, Any]], Wish],
    read: Callable[[Wish], Mapping[str, Any]],
    foresee: Callable[[Wish], Mapping[str, Any]] | None = None,
    **rules: Any,
) -> None:
    """Run a module that tells of something on this machine.

    One that also brings something here says so itself, as `changed`, and has `foresee` for what it
    tells in check mode. Of that, `warnings` become the module's, and a `diff` is for who asks.
    """
    module = CuratorModule(options, **rules)
    tell = foresee if foresee and module.check_mode else read

    def work() -> dict[str, Any]:
        told = {"changed": False, **tell(understand(module.params))}
        _warn(module, told.pop("warnings", ()))
        if not module._diff:  # noqa: SLF001  # Ansible has no public name for --diff.
            told.pop("diff", None)
        return told

    module.end(work)


def _change(
    module: CloudModule,
    look: Callable[[], Planned],
    carry_out: Callable[[Planned], Planned],
    predicted: Mapping[str, Any],
) -> dict[str, Any]:
    try:
        planned = look()
    except ImageNotFound as error:
        if not module.check_mode:
            raise
        # What an earlier task of the play would have made is not there in check mode.
        module.warn(f"{error.message} Check mode takes it that an earlier task makes it.")
        return {"changed": True, "image": None, **predicted}

    # Before anything is done: it may explain a failure.
    said = _warn(module, planned.warnings)
    if module.check_mode:
        _warn(module, planned.guesses)
    else:
        planned = carry_out(planned)
        _warn(module, planned.warnings, said)
    result = {"changed": planned.changed, **planned.after.as_result()}
    if module._diff:  # noqa: SLF001  # Ansible has no public name for --diff.
        old, new = only_differences(planned.before.as_diff(), planned.after.as_diff())
        result["diff"] = {"before": old, "after": new}
    return result


def _warn(module: CuratorModule, texts: Iterable[str], said: Iterable[str] = ()) -> list[str]:
    new = [text for text in dict.fromkeys(texts) if text not in said]
    for text in new:
        module.warn(text)
    return new
