# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of the house, as a reader of source text: which room may know what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
# Rooms that do things, each with its own kind of outside; they know nothing of one another.
ADAPTERS = frozenset({"disk", "source", "guest", "cloud"})
# The one room that knows them all, and puts their doings in order.
COMPOSITIONS = "work"
ROOMS = ADAPTERS | {"domain", COMPOSITIONS}
_LONGEST_FILE = 400
_LONGEST_MAIN = 15

# Libraries and the only places that may import them.
_AT_HOME = {
    "openstack": {"cloud"},
    "keystoneauth1": {"cloud"},
    "subprocess": {"disk", "guest", "source"},
    # Plugins other than modules run inside Ansible and are made of it.
    "ansible": {"module.py", "action", "callback", "filter", "inventory", "lookup", "test"},
}
# What decisions must not touch: other programs, the network, files.
_IMPURE = frozenset(
    {
        "http",
        "os",
        "pathlib",
        "requests",
        "shutil",
        "signal",
        "socket",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "urllib",
    }
)


def sources() -> Iterator[tuple[str, str]]:
    """Every Python file of the collection's plugins, by its path under plugins, and its text."""
    for path in sorted(PLUGINS.rglob("*.py")):
        yield path.relative_to(PLUGINS).as_posix(), path.read_text()


def violations(path: str, text: str) -> list[str]:
    """What a file does that its place in the house forbids."""
    tree = ast.parse(text)
    place = PurePosixPath(path)
    found = []
    for module in _imports(tree, place):
        found += _foreign(place, module) + _inside(place, module)
    if place.name != "module.py":
        found += [
            f"{path}: {node.attr} belongs to module.py"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in {"fail_json", "exit_json"}
        ]
    if _room(place) == "domain" and any(
        isinstance(node, ast.Name) and node.id in {"open", "print", "input"}
        for node in ast.walk(tree)
    ):
        found.append(f"{path}: a decision reads or writes something")
    if len(text.splitlines()) > _LONGEST_FILE:
        found.append(f"{path}: more than {_LONGEST_FILE} lines; split it")
    if place.parts[0] == "modules":
        found += _long_main(path, tree)
    return found


def _room(place: PurePosixPath) -> str:
    """The room a file of module_utils stands in; a file outside all rooms is its own."""
    return place.parts[1] if place.parts[0] == "module_utils" else place.parts[0]


def _imports(tree: ast.AST, place: PurePosixPath) -> Iterator[str]:
    """What a file imports: a library by its name, one of our files by its path under plugins."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if not node.level:
                yield node.module or ""
                continue
            base = place.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            whole = [base / alias.name for alias in node.names]
            # from .domain import share, and from .domain.share import plan, name the same file.
            files = [path for path in whole if (PLUGINS / path).with_suffix(".py").exists()]
            yield from (f"{path.as_posix()}.py" for path in files or [base])


def _foreign(place: PurePosixPath, module: str) -> list[str]:
    library = module.partition(".")[0]
    room = _room(place)
    if library in _AT_HOME and room not in _AT_HOME[library]:
        homes = ", ".join(sorted(_AT_HOME[library]))
        return [f"{place}: imports {library}, which only {homes} may"]
    if room == "domain" and library in _IMPURE:
        return [f"{place}: a decision imports {library}"]
    return []


def _inside(place: PurePosixPath, module: str) -> list[str]:
    target = PurePosixPath(module)
    if target.parts[0] not in {"modules", "module_utils"}:
        return []
    here, there = _room(place), _room(target).removesuffix(".py")
    if here == "modules":
        return []
    if there == "module":
        return [f"{place}: imports module.py, which stands above every room"]
    if here == "domain" and there in ROOMS - {"domain"}:
        return [f"{place}: a decision imports the room {there}"]
    if here in ADAPTERS and there in ROOMS - {here, "domain"}:
        return [f"{place}: the room {here} imports the room {there}"]
    return []


def _long_main(path: str, tree: ast.Module) -> list[str]:
    mains = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "main"]
    if len(mains) != 1:
        return [f"{path}: has no main()"]
    length = (mains[0].end_lineno or 0) - mains[0].lineno
    return [f"{path}: main() has {length} lines"] if length > _LONGEST_MAIN else []
