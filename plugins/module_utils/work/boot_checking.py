# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Boot an image or a file as a guest, see whether it is what it should be, and leave nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from ..cloud.connect import Cloud
from ..domain.boot.signs import last_lines
from ..domain.boot.verdict import Verdict, foreseen, judge
from ..domain.boot.wish import LOCAL, BootWish
from ..errors import ImageNotFound, NoSpace
from ..guest.ssh import Key
from ..progress import progress_from_environment
from .boot_cloud import cloud_place
from .boot_local import local_place
from .boot_place import Errand, FindPlace
from .boot_watch import BootWatch, Watched
from .scratch import scratch_folder
from .watching import stoppable

_CACHE = Path("~/.cache/curator.glance/guests")

Session = Callable[[], Cloud]


def check_boot(wish: BootWish, session: Session) -> dict[str, Any]:
    """Boot it and judge it; what is returned has the verdict."""
    with _errand(wish) as errand, _place_of(wish, session)(errand) as place:
        if wish.expected.ssh:
            # A task that cannot be is told so before a machine starts.
            wish.login_user(place.properties())
        watch = BootWatch(errand, place)
        with _console_kept(wish.console_log, watch):
            watched = watch.run()
    return _as_result(wish, judge(wish.expected, watched.seen), watched, errand.warnings)


def foresee_boot(wish: BootWish, session: Session) -> dict[str, Any]:
    """What would be checked; nothing is started."""
    with _errand(wish) as errand:
        try:
            with _place_of(wish, session)(errand) as place:
                if wish.expected.ssh:
                    wish.login_user(place.properties())
                place.foresee()
        except ImageNotFound as error:
            # A task before this one may be about to make it.
            errand.warnings.append(f"{error.message} So what it needs was not looked at.")
    told = _as_result(wish, foreseen(wish.expected), Watched(), errand.warnings)
    return {**told, "passed": None, "reason": None, "blame": None}


def _place_of(wish: BootWish, session: Session) -> FindPlace:
    if wish.where == LOCAL:
        return local_place
    return partial(cloud_place, session)


@contextmanager
def _errand(wish: BootWish) -> Iterator[Errand]:
    cache = Path(wish.cache_dir or _CACHE).expanduser()
    with stoppable() as stop, scratch_folder(cache) as folder:
        yield Errand(
            wish=wish,
            key=Key.new(folder),
            folder=folder,
            cache=cache,
            progress=progress_from_environment(Path(wish.subject).name),
            stop=stop,
        )


def _as_result(
    wish: BootWish, verdict: Verdict, watched: Watched, warnings: Sequence[str]
) -> dict[str, Any]:
    facts = watched.seen.facts
    return {
        "passed": verdict.passed,
        "reason": verdict.reason,
        "blame": verdict.blame,
        "checks": [check.as_result() for check in verdict.checks],
        "phases": watched.phases,
        "console": "" if verdict.passed else last_lines(watched.console),
        "where": wish.where,
        "guest": facts.as_result() if facts else None,
        "warnings": [*verdict.warnings, *warnings],
    }


@contextmanager
def _console_kept(path: str | None, watch: BootWatch) -> Iterator[None]:
    """Write the whole console where the task wants it, as it came, however the check ends."""
    if path is None:
        yield
        return
    # Before anything starts: that there is no such folder is not worth a check.
    _write(path, "")
    try:
        yield
    finally:
        _write(path, watch.console)


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise NoSpace(
            f"The console cannot be written to {path}: {error.strerror}. Name a file in a folder "
            "that is there and has room, with console_log."
        ) from error
