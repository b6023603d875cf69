"""Looks into pages, styles and scripts: outside addresses, handlers that no longer fire, missing files, secrets."""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from authoring.damage import DAMAGE
from authoring.inspector.archive import ENCRYPTED, READABLE, Package
from authoring.inspector.findings import Finding, found, plain
from authoring.inspector.paths import path_of
from authoring.secrecy import KINDS, secret_in

LONGEST_TEXT = 8_000_000
MOST_TEXT = 32_000_000
MOST_OF_A_FILE = 200
MOST_ADDRESSES = 20_000  # between quotation marks, in one file
PAGES = (".html", ".htm", ".xhtml", ".svg")
SCRIPTS = (".js", ".mjs")
STYLES = (".css",)
OTHERS = (".json", ".xml", ".txt", ".vtt", ".properties", ".ini", ".cfg", ".yml", ".yaml", ".env", ".md", ".csv")
TEXTS = PAGES + SCRIPTS + STYLES + OTHERS
# Words that say which standard a package speaks.
SPEAKS = ("Initialize", "API_1484_11", "auth-token")

TAG = re.compile(
    r"<(script|link|img|iframe|frame|source|video|audio|track|embed|object|input|image|use|a)\b([^<>]{1,4000})>", re.I
)
ATTRIBUTE = re.compile(
    r"(?<![\w:.-])(src|href|data|poster|xlink:href|rel)\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.I
)
LOADED_LINKS = re.compile(r"stylesheet|preload|prefetch|icon|preconnect|manifest", re.I)
STYLE_ADDRESS = re.compile(r"(?:url\(\s{0,9}|@import\s{1,9})[\"']?((?:https?:)?//[^\s\"')<>;]{1,300})", re.I)
SCRIPT_ADDRESS = re.compile(r"[\"'`]((?:https?:|wss?:)?//[^\s\"'`<>\\]{3,300})")
LOADS = re.compile(
    r"(?:\bimport\s*\(?|\bfrom|\bimportScripts\(|\bfetch\(|\.src\s*=|\.open\(\s*[\"'][A-Za-z]{3,7}[\"']\s*,"
    r"|\bnew\s+(?:WebSocket|EventSource|Worker)\(|\.(?:get|post|getScript|getJSON)\()\s*$"
)
# Names of vocabularies, which nobody fetches.
NAMES = re.compile(r"(?:https?:)?//(?:www\.)?(?:w3\.org|w3id\.org|adlnet\.gov|ns\.adobe\.com|purl\.org)/", re.I)
UNLOAD = re.compile(
    r"(?<![\w$])on(?:before)?unload\s{0,9}=(?!=)|[\"'](?:before)?unload[\"']\s{0,9},|\.unload\(\s{0,9}(?:function|\()"
)
SCRIPT_START = re.compile(r"<script\b[^<>]{0,4000}>", re.I)
SCRIPT_END = re.compile(r"</script", re.I)
TOKENS = re.compile(
    r"(?<![\w-])(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|AIza[\w-]{35}|xox[abprs]-[\w-]{10,200}|sk_live_\w{10,100}"
    r"|eyJ[\w-]{10,2000}\.eyJ[\w-]{10,2000}\.[\w-]{10,2000})(?![\w-])"
)
# In other makers' minified scripts most keys with a value are names of fields, or an address that is put together.
KEY_WORDS, KEY_PATTERN = next((words, pattern.pattern) for _, words, pattern in KINDS if "password" in words)
KEY_VALUE = re.compile(f"(?:{'|'.join(map(re.escape, KEY_WORDS))}){KEY_PATTERN}", re.I)
NO_VALUE = re.compile(r"[\"'][^\"'0-9]*[\"']$|[()\[\]{}$<>,;][^\"']*[\"']$")
# A run without an end would be searched again and again for the password of an address.
RUN = re.compile(r"([^\s/\"'<>@?#]{80})[^\s/\"'<>@?#]{41,}")


class Contents(NamedTuple):
    """What was found in the files, and which of SPEAKS stand in them."""

    findings: list[Finding]
    speaks: set[str]


def contents(package: Package) -> Contents:
    """Reads every file of the zip to its end once, and looks into those that hold text."""
    findings: list[Finding] = []
    speaks: set[str] = set()
    left = MOST_TEXT
    for name, entry in package.names.items():
        if entry.flag_bits & ENCRYPTED or entry.compress_type not in READABLE:
            continue
        is_text = name.lower().endswith(TEXTS)
        try:
            data = package.read(name, min(LONGEST_TEXT, left) if is_text else 0)
        except DAMAGE:
            findings.append(found("zip-damaged", name, "It cannot be unpacked, or is not what its checksum says."))
            continue
        if not is_text:
            continue
        if data is None:
            findings.append(found("text-unread", name, f"It is {entry.file_size:,} bytes long."))
            continue
        left -= len(data)
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
        speaks.update(word for word in SPEAKS if word in text)
        findings += islice(look(name, text, package), MOST_OF_A_FILE)
    return Contents(findings, speaks)


def look(name: str, text: str, package: Package) -> Iterator[Finding]:
    """What is wrong with one file of text."""
    kind = name.lower()
    if kind.endswith(PAGES):
        yield from _tags(name, text, package)
    if kind.endswith(PAGES + STYLES):
        yield from _style(name, text)
    if kind.endswith(PAGES + SCRIPTS):
        yield from _script(name, text)
    if secret := _secret(text):
        line, what = secret
        yield found("secret", f"{name}:{line}", f"It holds {what}.")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _loaded(name: str, text: str, at: int, address: str) -> Iterator[Finding]:
    """An address that is fetched, and where it leads."""
    if NAMES.match(address):
        return
    insecure = address.lower().startswith(("http:", "ws:"))
    rule = "outside-insecure" if insecure else "outside-address"
    yield found(rule, f"{name}:{_line(text, at)}", f"It loads “{plain(address)}”.")


def _tags(name: str, text: str, package: Package) -> Iterator[Finding]:
    markup = without_scripts(text)
    based = re.search(r"<base\b", markup, re.I)
    for tag in TAG.finditer(markup):
        element = tag[1].lower()
        values = {key.lower(): a or b or c for key, a, b, c in ATTRIBUTE.findall(tag[2])}
        rel = values.pop("rel", "")
        for key, raw in values.items():
            address = raw.strip().replace("&amp;", "&")
            if key == "data" and element != "object":
                continue
            if re.match(r"(?:https?:)?//", address, re.I):
                if element != "a" and (element != "link" or LOADED_LINKS.search(rel)):
                    yield from _loaded(name, text, tag.start(), address)
            elif not based and (element != "link" or LOADED_LINKS.search(rel)):
                yield from _missing(name, text, tag.start(), address, package)


def _missing(name: str, text: str, at: int, address: str, package: Package) -> Iterator[Finding]:
    """A file that a page names and the zip does not have; what a script would fill in is left alone."""
    if (
        not address
        or address[0] in "#?"
        or re.match(r"[a-z][a-z0-9+.-]*:", address, re.I)
        or re.search(r"[{}$<>]", address)
    ):
        return
    path = path_of(address, "" if address.startswith("/") else posixpath.dirname(name))
    if address.startswith("/") or (path not in package.names and path not in package.folders):
        yield found("link-missing", f"{name}:{_line(text, at)}", f"It names “{plain(address)}”.")


def without_scripts(text: str) -> str:
    """The page with what stands inside its scripts and comments blanked, so that places stay the same."""
    parts = []
    at = 0
    while start := (SCRIPT_START.search(text, at)):
        end = SCRIPT_END.search(text, start.end())
        stop = end.start() if end else len(text)
        parts += [text[at : start.end()], " " * (stop - start.end())]
        at = stop
        if not end:
            break
    return "".join([*parts, text[at:]])


def _style(name: str, text: str) -> Iterator[Finding]:
    for match in STYLE_ADDRESS.finditer(text):
        yield from _loaded(name, text, match.start(), match[1])


def _script(name: str, text: str) -> Iterator[Finding]:
    for match in islice(SCRIPT_ADDRESS.finditer(text), MOST_ADDRESSES):
        if LOADS.search(text[max(0, match.start() - 60) : match.start()]):
            yield from _loaded(name, text, match.start(), match[1])
    for match in UNLOAD.finditer(text) if "unload" in text else ():
        yield found("unload-handler", f"{name}:{_line(text, match.start())}", "It waits for the page to be unloaded.")


def _secret(text: str) -> tuple[int, str] | None:
    """The line of the first secret and what it is; only what a program would find in a single line."""
    if token := TOKENS.search(text):
        return _line(text, token.start()), "a token of a service"
    short = RUN.sub(r"\1", text) if "@" in text else text
    if not secret_in(short) or not (kind := secret_in(short := KEY_VALUE.sub(_credible, short))):
        return None
    lines = enumerate(short.split("\n"), 1)
    return next((number for number, line in lines if secret_in(line)), 1), kind


def _credible(match: re.Match[str]) -> str:
    """The key and value where the value holds a digit and no sign of code, or as many lines of nothing."""
    return "\n" * match[0].count("\n") if NO_VALUE.search(match[0]) else match[0]
