"""Where an address in the text leads, and what it becomes in a package."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from authoring.source import ModuleFile, Source, mapping

OUTSIDE = ("https:", "http:", "mailto:", "tel:")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
MODULE_LINK = re.compile(r"([^#/]+\.(en|cy)\.md)(?:#(.*))?")


@dataclass(frozen=True, slots=True)
class Site:
    """The documents of a package by source file, the page ids of each file, and the media."""

    documents: dict[str, str]
    anchors: dict[str, frozenset[str]]
    media: frozenset[str]

    def address(self, file: str, href: str) -> str | None:
        """Where ``href``, written in ``file``, leads in the package; None for nowhere. Not for term: or fact:."""
        href = unquote(href)
        if href.startswith(OUTSIDE):
            return href if len(href.partition(":")[2].strip("/")) else None
        if href.startswith("#"):
            return href if href[1:] in self.anchors[file] else None
        if found := MODULE_LINK.fullmatch(href):
            return self._module(found[1], found[3])
        return href if href in self.media else None

    def _module(self, file: str, anchor: str | None) -> str | None:
        document = self.documents.get(file)
        if document is None or not anchor:
            return document
        return f"{document}#{anchor}" if anchor in self.anchors.get(file, {anchor}) else None


def document_name(module: str) -> str:
    """The HTML file of a module; the package's index.html only begins the first one."""
    return f"{module}.html"


def module_ids(source: Source) -> list[str]:
    """The ids of the modules in the order of course.yml."""
    listed = source.table("course").get("modules")
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def site(source: Source) -> Site:
    """Everything a link in this course can lead to."""
    documents = {id: document_name(id) for id in module_ids(source)}
    files = source.files()
    # A file that course.yml does not name has a rule of its own; links to it are not held against their authors too.
    return Site(
        {name: name for name in source.names} | {file.file: documents.get(file.id or "", file.file) for file in files},
        _anchors(files) | _anchors_of_overlays(source),
        frozenset(source.media),
    )


def _anchors(files: list[ModuleFile]) -> dict[str, frozenset[str]]:
    return {file.file: frozenset(page.id for page in file.pages if page.id) for file in files}


def _anchors_of_overlays(source: Source) -> dict[str, frozenset[str]]:
    """What an overlay fills stands in the module, so its links lead where the module's do."""
    found = {}
    for by_slug in source.overlays.values():
        for slug, pair in by_slug.items():
            for language, file in pair.items():
                base = source.modules.get(slug, {}).get(language)
                found[file.file] = _anchors([base])[base.file] if base else frozenset()
    return found


def fact_sources(source: Source, fact: str, language: str) -> tuple[str, str]:
    """The source of a fact in one language, and the day it was checked (ISO); empty where it is unknown."""
    entry = mapping(source.table("facts").get(fact))
    return str(mapping(entry.get("source")).get(language, "")), str(entry.get("checked", ""))
