"""A new module or question in a course that is there: the pair of files, and its place in them or in course.yml."""

import re
from collections.abc import Iterator
from pathlib import Path

from authoring.blocks import PageSource, every_block
from authoring.checks.modules import is_id
from authoring.course import LANGUAGES, Text
from authoring.links import module_ids
from authoring.new.course import NAMES, quoted, wrong_titles
from authoring.new.files import write
from authoring.rules import did_you_mean
from authoring.source import ModuleFile, Source, module_file, read
from authoring.yaml12 import read_yaml

TEMPLATES = Path(__file__).parent
KINDS = ("single", "multiple", "true-false", "match", "order", "fill", "number", "scale")
ITEM = re.compile(r"""\"(?:[^"\\]|\\.)*\"|'(?:[^']|'')*'|[^\s,\]]+""")


def new_module(folder: Path, id: str, titles: Text) -> tuple[list[Path], list[str]]:
    """Adds a module at the end of the course in ``folder``.

    Answers the files made, and why none were. Raises FileNotFoundError where there is no folder, and OSError; then
    everything is as it was.
    """
    source = read(folder)
    stem = f"{_next_number(source):02}-{id}"
    texts = {folder / f"{stem}.{language}.md": _module(language, id, titles) for language in LANGUAGES}
    listed = _listed(folder / "course.yml", id) if isinstance(source.table("course").get("modules"), list) else None
    wrong = [*_wrong_module(source, id), *wrong_titles(titles)]
    if listed is None:
        wrong.append("course.yml has no list of modules that could be added to; ktb check says what is wrong with it.")
    if wrong or listed is None:
        return [], wrong
    write({path: text.encode() for path, text in texts.items()}, {folder / "course.yml": listed.encode()})
    return list(texts), []


def _next_number(source: Source) -> int:
    return max((int(slug[:2]) for slug in source.modules), default=0) + 1


def _module(language: str, id: str, titles: Text) -> str:
    text = TEMPLATES.joinpath(f"module.{language}.md").read_text("utf-8")
    return text.replace("id: new-module\n", f"id: {id}\n", 1).replace("TITLE", quoted(getattr(titles, language)), 1)


def _wrong_module(source: Source, id: str) -> Iterator[str]:
    if not is_id(id) or id == "index":
        yield f"“{id}” is no id for a module. {NAMES}"
    if id in module_ids(source):
        yield f"course.yml names a module “{id}” already."
    elif file := next((file.file for file in source.files() if file.id == id), None):
        yield f"The module “{id}” is there already, in {file}."
    if _next_number(source) > 99:
        yield "Module files are numbered up to 99, and 99 is taken."


def _listed(path: Path, id: str) -> str | None:
    """course.yml with the module at the end of its list and not a sign of the rest changed; None if it has no list."""
    text = path.read_bytes().decode("utf-8")
    before = read_yaml(text.removeprefix("\ufeff").replace("\r\n", "\n"), path.name)
    modules = before.value["modules"]
    if not modules:
        return None
    line, column = before.marks["modules", len(modules) - 1]
    lines = text.split("\n")
    lead, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    if lead.strip() == "-":
        lines.insert(line, f"{lead}{id}" + ("\r" if rest.endswith("\r") else ""))
    elif last := ITEM.match(rest):
        lines[line - 1] = f"{lead}{last[0]}, {id}{rest[last.end() :]}"
    made = "\n".join(lines)
    after = read_yaml(made.removeprefix("\ufeff").replace("\r\n", "\n"), path.name)
    return made if after.value == {**before.value, "modules": [*modules, id]} else None


def new_question(folder: Path, module: str, id: str, kind: str, page: str | None) -> tuple[list[Path], list[str]]:
    """Adds a question at the end of a page of a module, in both languages; on its last page where ``page`` is None.

    Answers the files changed, and why none were. Raises FileNotFoundError where there is no folder, and OSError; then
    everything is as it was.
    """
    source = read(folder)
    files = [file for file in source.files() if file.id == module]
    wrong = [*_wrong_place(source, files, module, page), *_wrong_question(files, id)]
    if wrong:
        return [], wrong
    made: dict[Path, bytes] = {}
    for file in files:
        text = _asked(folder / file.file, file, _page(file, page), id, kind)
        if text is None:
            return [], [f"{file.file} leaves no place for a question at the end of that page; write it by hand."]
        made[folder / file.file] = text.encode()
    write({}, made)
    return list(made), []


def _wrong_place(source: Source, files: list[ModuleFile], module: str, page: str | None) -> Iterator[str]:
    if not files:
        near = did_you_mean(module, [file.id for file in source.files() if file.id])
        yield f"There is no module “{module}”. {near}".strip()
    elif len(files) != len(LANGUAGES):
        yield f"The module “{module}” is not there in both languages; ktb check says more."
    for file in files:
        if file.problems:
            yield f"First mend what ktb check says of {file.file}."
        elif _page(file, page) is None:
            near = did_you_mean(page or "", [one.id for one in file.pages if one.id])
            yield f"{file.file} has no page “{page}”. {near}".strip() if page else f"{file.file} has no page."


def _wrong_question(files: list[ModuleFile], id: str) -> Iterator[str]:
    if not is_id(id):
        yield f"“{id}” is no id for a question. {NAMES}"
    for file in files:
        blocks = [block for page in file.pages for block in every_block(page.parts)]
        if id in {page.id for page in file.pages} | {block.id for block in blocks}:
            yield f"{file.file} has something called “{id}” already."


def _page(file: ModuleFile, id: str | None) -> PageSource | None:
    return next((page for page in reversed(file.pages) if id in (None, page.id)), None)


def _asked(path: Path, file: ModuleFile, page: PageSource | None, id: str, kind: str) -> str | None:
    """The text of ``path`` with the question at the end of the page; None where it would not be read as one."""
    if page is None:
        return None
    text = path.read_bytes().decode("utf-8")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    last = page.last - 1
    while last and not lines[last - 1].strip():
        last -= 1
    block = (
        TEMPLATES.joinpath("questions", f"{kind}.{file.language}.md").read_text("utf-8").replace("#new-id", f"#{id}")
    )
    lines[last : page.last - 1] = ["", *block.rstrip("\n").split("\n"), ""]
    made = end.join(lines)
    read_again = module_file(file.file, file.language, made.removeprefix("\ufeff").replace("\r\n", "\n"))
    found = _page(read_again, page.id)
    asked = found is not None and any(block.id == id for block in every_block(found.parts))
    return made if asked and not read_again.problems else None
