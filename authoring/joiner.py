"""Joins the player's modules into one classic script and makes it small, so that a package needs no build tool."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count, product
from pathlib import Path
from string import ascii_letters

from authoring.course import Text

IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "([^"]+)";$')
EXPORT = re.compile(r"^export (?=(?:async )?function |const |class )")
NAME = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)")
WORDS = re.compile(r"\bw`([^`]+)`")


def join(folder: Path, adapter: str, words: Mapping[str, Text]) -> str:
    """The modules that ``main.js`` of the folder leads to as one script, ``lms/<adapter>.js`` where one says "lms".

    Each w`…` becomes its words in both languages. Raises ValueError for an import that nothing exports, for a name
    that two modules give at their top level, and for words that are in no catalogue.
    """
    lines: list[str] = []
    _add(folder, "main.js", adapter, lines, {})
    names = Counter(match[1] for line in lines if (match := NAME.match(line)))
    if twice := [name for name, times in names.items() if times > 1]:
        raise ValueError(f"Two modules of the player give the same name: {', '.join(sorted(twice))}")
    body = WORDS.sub(lambda match: _pair(match[1], words), "\n".join(line.strip() for line in lines))
    return f'(() => {{\n"use strict";\n{body}\n}})();\n'


def _pair(key: str, words: Mapping[str, Text]) -> str:
    if key not in words:
        raise ValueError(f"The catalogues lack words that the player says: {key}")
    return "({{en: {}, cy: {}}})".format(*(json.dumps(text, ensure_ascii=False) for text in words[key]))


def _add(folder: Path, path: str, adapter: str, lines: list[str], done: dict[str, set[str]]) -> set[str]:
    """Lay the module and those it imports onto ``lines``, imported ones first; the names it exports."""
    if path in done:
        return done[path]
    exported = done[path] = set()
    own: list[str] = []
    for line in _code((folder / path).read_text(encoding="utf-8")):
        if match := IMPORT.match(line):
            source = f"lms/{adapter}.js" if match[2] == "lms" else _beside(folder, path, match[2])
            offered = _add(folder, source, adapter, lines, done)
            if missing := {name.strip() for name in match[1].split(",")} - offered:
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


def _code(source: str) -> list[str]:
    """The lines of a module without comments, which stand on lines of their own here, and without empty lines."""
    bare = re.sub(r"^ */\*.*?\*/ *$", "", source, flags=re.DOTALL | re.MULTILINE)
    return [line for line in bare.splitlines() if line.strip() and not line.lstrip().startswith("//")]


def _beside(folder: Path, path: str, name: str) -> str:
    """The module that ``path`` means by ``name``, as a path inside the folder."""
    return (folder / path).parent.joinpath(name).resolve().relative_to(folder.resolve()).as_posix()


# ------------------------------------------------------------------ making it small

# Brackets that are open at the top of the script: those of the function that it is wrapped in.
TOP = 2
TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<private>\#[A-Za-z_]\w*)|(?P<name>[A-Za-z_$][\w$]*)
    |(?P<number>\d[\w.]*)|(?P<sign>=>|\.\.\.|\?\.(?!\d)|\+\+|--|[^\s\w])""",
    re.VERBOSE,
)
PATTERN = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
NAME_ALONE = re.compile(r"[A-Za-z_$][\w$]*")
PAIRS = {"(": ")", "[": "]", "{": "}"}
# A slash after one of these begins a regular expression; after anything else it divides.
BEFORE_PATTERN = {"(", ",", "=", ":", "[", "!", "&", "|", "?", "{", "}", ";", "=>", "return", ""}
DECLARES = {"const", "let", "function", "class"}
CONTROLS = {"if", "for", "while", "switch"}
KEPT = set(
    """async await break case catch class const constructor continue default delete do else export extends false finally
    for function get if import in instanceof let new null of return set static super switch this throw true try typeof
    undefined var void while yield""".split()  # noqa: SIM905 - a list would be a page long
)


def shrink(source: str) -> str:
    """The same script with short names for what only it names, and without spaces it does not need.

    A name is shortened everywhere or nowhere. It stays whole where the script ever uses it as a property, a key or a
    shorthand, or does not declare it, so that nothing of the browser's or of the data's is touched.
    """
    tokens = list(_tokens(source))
    words = [text for kind, text in tokens if kind != "space"]
    uses = Counter(text for kind, text in tokens if kind in ("name", "private"))
    ours = _declared(words) - _properties(words) - KEPT
    pieces = _pieces(tokens)
    found_in = Counter(name for piece in pieces for name in set(piece))
    everywhere = {name for name in ours if found_in[name] > 1}
    names = _shortened(Counter({name: uses[name] for name in everywhere}), set(uses) - ours)
    names.update((f"#{old}", f"#{new}") for old, new in _shortened(_private(uses), set()).items())
    taken = (set(uses) - ours) | set(names.values())
    out: list[str] = []
    for piece in pieces:
        own = Counter(text for text in piece if text in ours and text not in everywhere)
        local = {**names, **_shortened(own, taken)}
        out.extend(local.get(text, text) for text in piece)
    return _laid(out)


def _private(uses: Counter[str]) -> Counter[str]:
    return Counter({name[1:]: times for name, times in uses.items() if name.startswith("#")})


def _shortened(uses: Counter[str], taken: set[str]) -> dict[str, str]:
    """A short name for each, the shortest for those used most."""
    fresh = (name for name in _short_names() if name not in taken and name not in KEPT)
    return {name: next(fresh) for name in sorted(uses, key=lambda name: (-uses[name], name))}


def _pieces(tokens: list[tuple[str, str]]) -> list[list[str]]:
    """The texts of the tokens, cut where a declaration begins at the top of the script: its names are its own."""
    pieces: list[list[str]] = [[]]
    depth, before = 0, ""
    for kind, text in tokens:
        if depth == TOP and before in (";", "}") and text in (*DECLARES, "async"):
            pieces.append([])
        pieces[-1].append(text)
        if kind == "sign":
            depth += (text in "([{") - (text in ")]}")
        before = before if kind == "space" else text
    return pieces


def _short_names() -> Iterator[str]:
    return ("".join(letters) for size in count(1) for letters in product(ascii_letters, repeat=size))


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    """(kind, text) of each token; a template literal gives its plain parts and the tokens of its expressions."""
    at, before, open_templates = 0, "", [0]
    while at < len(source):
        if source[at] == "/" and before in BEFORE_PATTERN and (match := PATTERN.match(source, at)):
            kind = "string"
        elif source[at] == "`" or (source[at] == "}" and open_templates[-1] == 0 and len(open_templates) > 1):
            if source[at] == "}":
                open_templates.pop()
            match = re.compile(r"[`}](?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL).match(source, at)
            if not match:
                raise ValueError(f"A template literal of the player has no end: {source[at : at + 40]}")
            kind = "template"
            if match[0].endswith("${"):
                open_templates.append(0)
        else:
            match = TOKEN.match(source, at)
            if not match or not match.lastgroup:
                raise ValueError(f"The player has something that is no token: {source[at : at + 40]}")
            kind = match.lastgroup
            open_templates[-1] += {"{": 1, "}": -1}.get(match[0], 0)
        yield kind, match[0]
        at = match.end()
        before = before if kind == "space" else match[0]


def _declared(words: list[str]) -> set[str]:
    """Names that the script makes: by a declaration, as a parameter, or taken out of an array."""
    found: set[str] = set()
    ends = _brackets(words)
    for at, word in enumerate(words[:-1]):
        following = words[at + 1]
        if word in DECLARES:
            found.update(_named(words, at + 1, ends[at + 1]) if following in ("[", "{") else {following})
        elif following == "=>":
            found.add(word)
        elif word == "(" and _heads_function(words, at, ends[at]):
            found.update(_named(words, at, ends[at]))
    return {name for name in found if NAME_ALONE.fullmatch(name)}


def _brackets(words: list[str]) -> dict[int, int]:
    """Where each bracket opens -> where it closes."""
    ends: dict[int, int] = {}
    open_: list[int] = []
    for at, word in enumerate(words):
        if word in PAIRS:
            open_.append(at)
        elif word in PAIRS.values():
            ends[open_.pop()] = at
    return ends


def _heads_function(words: list[str], start: int, end: int) -> bool:
    after = words[end + 1]
    return after == "=>" or (after == "{" and words[start - 1] not in CONTROLS)


def _named(words: list[str], start: int, end: int) -> set[str]:
    """Names at the places of parameters between two brackets: not values, not keys."""
    return {words[at] for at in range(start + 1, end) if words[at - 1] in ("(", "[", "{", ",", "...", ":")}


def _properties(words: list[str]) -> set[str]:
    """Names that stand for themselves somewhere: after a dot, as a key, or as a shorthand for one."""
    found: set[str] = set()
    open_: list[str] = [""]
    for at, word in enumerate(words):
        if word in PAIRS:
            open_.append(word)
        elif word in PAIRS.values():
            open_.pop()
        elif words[at - 1] in (".", "?.") or (open_[-1] == "{" and _is_key(words, at)):
            found.add(word)
    return found


def _is_key(words: list[str], at: int) -> bool:
    return words[at - 1] in ("{", ",") and words[at + 1] in (":", ",", "}", "=", "(")


def _laid(texts: list[str]) -> str:
    """The tokens with a space only between words, and between signs that would otherwise become one."""
    laid: list[str] = []
    gap = False
    for text in texts:
        if text.isspace():
            gap = True
            continue
        last = laid[-1][-1] if laid else ""
        if gap and last and ((_wordy(last) and _wordy(text[0])) or (last in "+-/" and text[0] == last)):
            laid.append(" ")
        laid.append(text)
        gap = False
    return "".join(laid)


def _wordy(letter: str) -> bool:
    return letter.isalnum() or letter in "_$#"
