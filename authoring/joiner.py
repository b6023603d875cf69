"""Joins the player's modules into one small classic script, so that a package needs no build tool."""

import json
import os
import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from authoring.course import Text
from authoring.phrases import Forms

IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "([^"]+)";$')
EFFECT = re.compile(r'^import "([^"]+)";$')
EXPORT = re.compile(r"^export (?=(?:async )?function |const |class )")
NAME = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)")
KINDS = {"javascript": "application/javascript", "css": "text/css"}
# A number, a string, a pattern, or a list of numbers and strings, under a name in capitals.
LITERAL = re.compile(
    r'^const ([A-Z][A-Z\d_]+) = ([-\d.e* ]+|"[^"]*"|/.+/[a-z]*|\[(?:[-\d.e*, ]|"[^"]*")+\]);$', re.MULTILINE
)
CAPITALS = re.compile(r"(?<![\w.#$])[A-Z][A-Z0-9_]*(?!\w)")
WORDS = re.compile(r"\bw`([^`]+)`")
# Nobody has to lend this function: what it marks is put in its place.
TAG = "w"


def join(
    folder: Path,
    adapter: str,
    words: Mapping[str, Text | Forms],
    spared: frozenset[str] = frozenset(),
    begin: str = "main.js",
    lent: str | None = None,
) -> str:
    """The modules that ``begin`` of the folder leads to as one script, ``lms/<adapter>.js`` where one says "lms".

    Modules that are ``spared`` are left out where they are imported for what they do and not for what they export.
    Each w`…` becomes its words in both languages. What the module ``lent`` imports is of another script, which gives it
    to the element of this one as ``lent``. Raises ValueError for an import that nothing exports or lends, for a name
    that two modules give at their top level, and for words that are in no catalogue.
    """
    lines: list[str] = []
    borrowed = _imported(folder, lent) if lent else {}
    done = {**{path: set() for path in spared}, **{path: {*names, TAG} for path, names in borrowed.items()}}
    _add(folder, begin, adapter, lines, done)
    if borrowed:
        said = set(re.findall(r"\w+", "\n".join(lines)))
        lines.insert(
            0, f"const {{ {', '.join(sorted(said & set().union(*borrowed.values())))} }} = document.currentScript.lent;"
        )
    names = Counter(match[1] for line in lines if (match := NAME.match(line)))
    if twice := [name for name, times in names.items() if times > 1]:
        raise ValueError(f"Two modules of the player give the same name: {', '.join(sorted(twice))}")
    body = WORDS.sub(lambda match: _pair(match[1], words), _in_place("\n".join(lines)))
    body = "\n".join(line.strip() for line in body.splitlines())
    return f'(() => {{\n"use strict";\n{body}\n}})();\n'


def _pair(key: str, words: Mapping[str, Text | Forms]) -> str:
    if key not in words:
        raise ValueError(f"The catalogues lack words that the player says: {key}")
    return "({{en: {}, cy: {}}})".format(*(json.dumps(text, ensure_ascii=False) for text in words[key]))


def _in_place(code: str) -> str:
    """The same with each named number, and what else is named and used once, where it is used: names cost bytes."""
    literals = {match[1]: match[2] for match in LITERAL.finditer(code)}
    times = Counter(CAPITALS.findall(code))
    chosen = {name: value for name, value in literals.items() if value[0] not in '"/[' or times[name] == 2}
    rest = LITERAL.sub(lambda match: "" if match[1] in chosen else match[0], code)
    return CAPITALS.sub(lambda match: f"({chosen[match[0]]})" if match[0] in chosen else match[0], rest)


def _add(folder: Path, path: str, adapter: str, lines: list[str], done: dict[str, set[str]]) -> set[str]:
    """Lay the module and those it imports onto ``lines``, imported ones first; the names it exports."""
    if path in done:
        return done[path]
    exported = done[path] = set()
    own: list[str] = []
    for line in _code(folder / path):
        if match := EFFECT.match(line):
            _add(folder, _beside(path, match[1]), adapter, lines, done)
            continue
        if match := IMPORT.match(line):
            source = f"lms/{adapter}.js" if match[2] == "lms" else _beside(path, match[2])
            offered = _add(folder, source, adapter, lines, done)
            if missing := _names(match[1]) - offered:
                raise ValueError(f"{path} imports what {source} does not export: {', '.join(sorted(missing))}")
            continue
        bare = EXPORT.sub("", line)
        if bare.startswith(("import ", "export ")):
            raise ValueError(f"{path} has an import or export that cannot be joined: {line}")
        if bare != line and (name := NAME.match(bare)):
            exported.add(name[1])
        own.append(bare)
    lines.extend(own)
    return exported


@cache
def _code(path: Path) -> list[str]:
    """The lines of a module without comments, which stand on lines of their own here, and without empty lines."""
    bare = re.sub(r"^ */\*.*?\*/ *$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [line for line in bare.splitlines() if line.strip() and not line.lstrip().startswith("//")]


def _imported(folder: Path, path: str) -> dict[str, set[str]]:
    """What a module imports: the path of each module that it names -> the names that it takes from it."""
    found = [match for line in _code(folder / path) if (match := IMPORT.match(line))]
    return {_beside(path, match[2]): _names(match[1]) for match in found}


def _names(listed: str) -> set[str]:
    return {name.strip() for name in listed.split(",")}


def _beside(path: str, name: str) -> str:
    """The module that ``path`` means by ``name``, as a path inside the folder."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name))


def minifier() -> str:
    """What tells one version of the library that makes scripts small from another, without loading it."""
    found = find_spec("minify")
    if found is None or found.origin is None:
        return ""
    stat = os.stat(found.origin)
    return f"{stat.st_size} {stat.st_mtime_ns}"


def small(kind: Literal["javascript", "css"], text: str) -> str:
    """The same script or style sheet without what a browser does not need.

    Raises ValueError where it is not one, with the place in the joined text.
    """
    import minify

    try:
        return minify.string(KINDS[kind], text)
    except minify.MinifyError as error:
        raise ValueError(f"The player's {kind} has an error: {error}") from error
