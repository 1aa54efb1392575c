# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: its names may change in any release.
"""Catalogs in files: YAML, with the line of every key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..domain.catalog.document import ENTRIES, Document
from ..errors import InvalidRequest, MissingLibrary, SourceFailed

try:
    import yaml
except ImportError as error:
    _missing: ImportError | None = error
    yaml: Any = None  # type: ignore[no-redef]
else:
    _missing = None

_LONGEST = 64 << 20
_VAULT = "$ANSIBLE_VAULT;"


def read_catalog_file(path: Path) -> Document:
    """The catalog in a file; whatever keeps it from being read is an error that names the place."""
    if _missing is not None:
        raise MissingLibrary(
            f"Reading a catalog from a file needs PyYAML in the Python that runs the module "
            f"({_missing}). Install openstacksdk there, which brings it along."
        )
    text = _text(path)
    # Written in C it reads a thousand entries in a blink; it is missing where libyaml is.
    loader = _loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader), text)
    try:
        root = loader.get_single_node()
        # Of a list that stands twice, which entries are meant cannot be told.
        if doubles := tuple(_doubles(root)):
            raise InvalidRequest(f"The catalog {path}: {' '.join(doubles)}")
        elements = _elements(root)
        # Before the nodes are made into values: that puts what is merged into those that merge it.
        # A map that holds itself ends in a RecursionError here, and would in nothing later.
        faults = [tuple(_doubles(node)) for node in elements]
        content = None if root is None else loader.construct_document(root)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidRequest(_broken(path, error)) from error
    finally:
        loader.dispose()
    return Document.of(
        content,
        file=str(path),
        lines=[dict(_lines(node, ())) | {(): _line(node)} for node in elements],
        faults=faults,
    )


def _loader(parent: Any, text: str) -> Any:
    """A loader to which a day that does not exist is the text that stands there.

    Then the key that wants a day refuses it with its line, and no other entry suffers.
    """

    class Loader(parent):  # type: ignore[misc]  # Which of the two is known only here.
        def construct_yaml_timestamp(self, node: Any) -> Any:
            try:
                return super().construct_yaml_timestamp(node)
            except ValueError:
                return self.construct_scalar(node)

    Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_yaml_timestamp)
    return Loader(text)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(_LONGEST + 1)
        if len(content) > _LONGEST:
            raise InvalidRequest(f"{path} is too large for a catalog. Check the path.")
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise SourceFailed(
            f"The catalog {path} cannot be read: {error.strerror}. Check the path, which is one on "
            "the host that runs the task."
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidRequest(
            f"The catalog {path} is no text in UTF-8. Give a YAML file with a list of entries."
        ) from error
    if text.startswith(_VAULT):
        raise InvalidRequest(
            f"The catalog {path} is encrypted by ansible-vault. It needs no secrets, so leave it "
            "plain; or load it with vars_files, and give the list itself."
        )
    return text


def _broken(path: Path, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f", line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return (
        f"The catalog {path}{where} is no plain YAML: {problem}. Correct the file; "
        "ansible-lint or yamllint show more."
    )


def _elements(root: Any) -> list[Any]:
    """The nodes of the list of entries; none where the document has another shape."""
    node = root
    if isinstance(root, yaml.MappingNode):
        node = next((value for key, value in root.value if key.value in ENTRIES), None)
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _lines(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    """The line of every key, down to the keys of maps within an entry."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            whole = (*path, str(key.value))
            yield whole, _line(key)
            if len(whole) == 1:
                yield from _lines(value, whole)


def _doubles(node: Any) -> Iterator[str]:
    """Keys that stand twice in one map: YAML would silently take the last."""
    if not isinstance(node, yaml.MappingNode):
        return
    seen: dict[str, int] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in seen:
            yield (
                f"Line {_line(key)}: {name} stands a second time, after line {seen[name]}. Leave "
                "one out."
            )
        seen[name] = _line(key)
        yield from _doubles(value)


def _line(node: Any) -> int:
    line: int = node.start_mark.line + 1
    return line
