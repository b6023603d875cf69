"""Links, images, terms, facts and brackets: everything in the text that points somewhere."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from markdown_it.token import Token

from authoring.checks.blocks import blocks
from authoring.checks.media import fits
from authoring.images import MOST_PIXELS, fault, is_heavy, is_kept, pixels, size
from authoring.links import MODULE_LINK, OUTSIDE, SCHEME, site
from authoring.markdown import At
from authoring.problems import Problem
from authoring.rules import Place, did_you_mean, problem
from authoring.source import ModuleFile, Source

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MEDIA_NAME = re.compile(r"media/[a-z0-9][a-z0-9._/-]*")
LIVE_SVG = re.compile(
    rb"<script|<foreignObject|\son\w+\s*=|javascript:|(?:href|src)\s*=\s*[\"'](?![\"'#]|data:image/)|@import|<!ENTITY",
    re.I,
)


def inline_tokens(file: ModuleFile) -> Iterator[Token]:
    """Every token inside a line of the file, those of images' descriptions left out."""
    for token in file.tokens:
        if token.type == "inline":
            yield from token.children or []


def citations(file: ModuleFile) -> Iterator[tuple[str, At]]:
    """Each fact that a file cites, as often as it does, with the place."""
    return ((str(token.meta["fact"]), _place(token)) for token in inline_tokens(file) if "fact" in token.meta)


def _addresses(source: Source) -> Iterator[tuple[ModuleFile, Token, str]]:
    for file in source.texts():
        for token in inline_tokens(file):
            if token.type == "link_open" and "fact" not in token.meta:
                yield file, token, str(token.attrs.get("href", ""))


def _at(file: ModuleFile, token: Token) -> Place:
    return file.place(_place(token))


def _place(token: Token) -> At:
    line, column = token.meta.get("at", (1, 1))
    return line, column


def links_lead_somewhere(source: Source) -> Iterator[Problem]:
    """link-nowhere, link-scheme, link-language: pages, modules and media that exist; outside, safe schemes."""
    known = site(source)
    for file, token, href in _addresses(source):
        if href.startswith("term:"):
            continue
        if "scenario" in token.meta:  # a choice, which has a rule of its own
            continue
        module = MODULE_LINK.fullmatch(href)
        if SCHEME.match(href) and not href.startswith(OUTSIDE):
            yield problem("link-scheme", _at(file, token), f"The link “{href}” cannot be used.")
        elif known.address(file.file, href) is None:
            yield problem(
                "link-nowhere",
                _at(file, token),
                f"The link “{unquote(href)}” leads nowhere.",
                _near(source, file, href),
            )
        elif module and module[2] != file.language:
            yield problem("link-language", _at(file, token), f"The link “{href}” leads to the other language.")


def _near(source: Source, file: ModuleFile, href: str) -> str:
    known = site(source)
    pages = [f"{name}#{anchor}" for name in sorted(known.documents) for anchor in sorted(known.anchors.get(name, ()))]
    own = [f"#{anchor}" for anchor in sorted(known.anchors[file.file])]
    return did_you_mean(unquote(href), [*own, *pages, *sorted(known.documents), *sorted(known.media)])


def terms_are_known(source: Source) -> Iterator[Problem]:
    """unknown-term: the glossary explains every term the text links to."""
    linked = [(file, token, unquote(href)) for file, token, href in _addresses(source) if href.startswith("term:")]
    cited = [(file, _place(token), href.removeprefix("term:")) for file, token, href in linked]
    return _missing(source, "unknown-term", "glossary", "term", cited)


def facts_are_known(source: Source) -> Iterator[Problem]:
    """unknown-fact: facts.yml holds every fact the text cites."""
    cited = [(file, at, fact) for file in source.texts() for fact, at in citations(file)]
    return _missing(source, "unknown-fact", "facts", "fact", cited)


def _missing(
    source: Source, rule: str, table: str, kind: str, cited: list[tuple[ModuleFile, At, str]]
) -> Iterator[Problem]:
    """What is cited and not in the table; nothing where the table cannot be read, for nobody knows what it holds."""
    known = source.table(table)
    for file, at, name in [] if source.unread(table) else cited:
        if name not in known:
            message = f"{table}.yml has no {kind} “{name}”."
            yield problem(rule, file.place(at), message, did_you_mean(name, list(known)))


def images_are_there(source: Source) -> Iterator[Problem]:
    """image-nowhere, image-alt: every image exists and says what it shows."""
    for file in source.texts():
        for token in inline_tokens(file):
            if token.type == "image":
                href = unquote(str(token.attrs.get("src", "")))
                if href not in source.media:
                    yield problem(
                        "image-nowhere",
                        _at(file, token),
                        f"The image “{href}” is not there.",
                        did_you_mean(href, source.media),
                    )
                if not token.content.strip():
                    yield problem("image-alt", _at(file, token), f"The image “{href}” has no words.")


def images_can_be_read(source: Source) -> Iterator[Problem]:
    """image-kind, image-large, image-script: what is shown can be drawn, and an SVG is only a drawing."""
    shown = {
        unquote(str(token.attrs.get("src")))
        for file in source.texts()
        for token in inline_tokens(file)
        if token.type == "image"
    } | {block.src for _, block in blocks(source, "figure")}
    for name in source.media:
        if not fits(source, name):
            continue
        if name in shown and (found := _wrong_with(name, (source.folder / name).read_bytes(), source)):
            yield found
        if name.endswith(".svg") and LIVE_SVG.search((source.folder / name).read_bytes()):
            yield problem("image-script", Place(name), "This SVG holds a script or fetches something.")


def _wrong_with(name: str, data: bytes, source: Source) -> Problem | None:
    if size(name, data) is None or (pixels(name, data) <= MOST_PIXELS and _undrawn(name, data, source)):
        return problem("image-kind", Place(name), "This is no image that can be read.")
    if pixels(name, data) > MOST_PIXELS:
        words = (
            f"This image has {pixels(name, data) // 1_000_000} million pixels; {MOST_PIXELS // 1_000_000} are the most."
        )
        return problem("image-large", Place(name), words)
    return None


def _undrawn(name: str, data: bytes, source: Source) -> bool:
    return is_heavy(name, data) and not is_kept(name, data, source.cache) and fault(name, data) is not None


def media_names_are_plain(source: Source) -> Iterator[Problem]:
    """media-name: names that every LMS and file system keeps as they are."""
    for name in source.media:
        if not MEDIA_NAME.fullmatch(name):
            yield problem("media-name", Place(name), f"“{name}” is no name for a package.")


def media_are_used(source: Source) -> Iterator[Problem]:
    """media-unused: nothing is carried to every learner for no reason."""
    used = {
        unquote(str(token.attrs.get("src", token.attrs.get("href", ""))))
        for file in source.texts()
        for token in inline_tokens(file)
    }
    used |= {name for _, block in blocks(source) for name in (block.src, dict(block.options).get("captions", ""))}
    for name in source.media:
        if name not in used:
            yield problem("media-unused", Place(name), f"No page shows “{name}”.")


def text_holds_no_html(source: Source) -> Iterator[Problem]:
    """raw-html: what the text holds is words, so that every page is safe, valid and speaks to screen readers."""
    for file in source.texts():
        found = [token for token in file.tokens if token.type == "html_block"]
        found += [token for token in inline_tokens(file) if token.type == "html_inline"]
        for token in found:
            tag = token.content.strip().split("\n")[0][:40]
            yield problem("raw-html", _at(file, token), f"Here stands HTML: {tag}")


def brackets_give_languages(source: Source) -> Iterator[Problem]:
    """attribute: the only attribute is a language tag."""
    for file in source.texts():
        last = (1, 1)
        for token in inline_tokens(file):
            last = token.meta.get("at", last)
            unknown = token.meta.get("insecure_attrs")
            if unknown:
                yield problem("attribute", file.place(last), f"“{', '.join(map(str, unknown))}” cannot be given here.")
            language = token.attrs.get("lang")
            if language is not None and not LANGUAGE_TAG.fullmatch(str(language)):
                yield problem("attribute", file.place(last), f"“{language}” is no language.")


RULES = (
    links_lead_somewhere, terms_are_known, facts_are_known, images_are_there, images_can_be_read, media_names_are_plain,
    media_are_used, text_holds_no_html, brackets_give_languages,
)  # fmt: skip
