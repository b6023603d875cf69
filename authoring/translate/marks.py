"""The marks inside a unit's words that must be the same in both languages: links, terms, facts, bold, code, gaps."""

import re
from collections import Counter
from urllib.parse import unquote

from authoring.links import OUTSIDE
from authoring.markdown import parse, parse_inline

CITED = re.compile(r"\]\(((?:term|fact):[^)\s]+)\)")
ADDRESS = re.compile(r"(?<=\]\()[^)\s]*|(?<=[\s=])media/[^)\s\"]+")
GAP = re.compile(r"\[\[.*?\]\]")
SLOT = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
PLAIN = {"strong_open": "bold (**)", "em_open": "italics (*)", "code_inline": "code (`)"}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")


def shared_marks(one: str, other: str) -> int:
    """How many terms and facts two texts cite in common, less those that only one cites: a quick look at likeness."""
    left, right = Counter(CITED.findall(one)), Counter(CITED.findall(other))
    return 2 * (left & right).total() - (left | right).total()


def marks(text: str) -> Counter[str]:
    """Every mark of a unit's text, named as it is told to people. An outside address may differ between languages."""
    found: Counter[str] = Counter()
    for token in parse_inline(text, (1, 1))[0].children or []:
        if token.type in PLAIN:
            found[PLAIN[token.type]] += 1
        elif token.type in ("link_open", "image"):
            found[_address(str(token.attrs.get("href", token.attrs.get("src", ""))))] += 1
    found["a gap ([[…]])"] = len(GAP.findall(text))
    found.update(f"{{{{ {name} }}}}" for name in SLOT.findall(text))
    return +found


def _address(address: str) -> str:
    if address.startswith(OUTSIDE):
        return "a link to an outside page"
    return f"({in_welsh(unquote(address), None)})"


def in_welsh(address: str, media: list[str] | None) -> str:
    """The Welsh twin of an address: of a module's file always, of a medium where ``media`` has it (None: always)."""
    welsh = re.sub(r"\.en(?=\.[a-z0-9]+(?:#|$))", ".cy", address)
    ours = not address.startswith(("#", "term:", "fact:", *OUTSIDE))
    known = media is None or welsh in media or re.search(r"\.cy\.md(#|$)", welsh)
    return welsh if ours and known else address


def addresses_in_welsh(text: str, media: list[str]) -> str:
    """The text with the addresses of its links, images and recordings as the Welsh page needs them."""
    return ADDRESS.sub(lambda found: in_welsh(found[0], media), text)


def differences(wanted: Counter[str], found: Counter[str]) -> str:
    """What one lacks and has too many of, as the end of a sentence; empty where there is nothing."""
    lacks, has = wanted - found, found - wanted
    words = []
    if lacks:
        words.append("lacks " + _listed(lacks))
    if has:
        words.append("has " + _listed(has) + " too many")
    return " and ".join(words)


def _listed(names: Counter[str]) -> str:
    return ", ".join(name if count == 1 else f"{count} × {name}" for name, count in sorted(names.items()))


def shape_fault(kind: str, text: str) -> str:
    """Why ``text`` cannot stand where a unit of ``kind`` stands, as a sentence; empty where it can."""
    if CONTROL.search(text):
        return "It holds a control character."
    if kind != "paragraph" and "\n" in text:
        return "It must stay on one line."
    if kind == "option" and '"' in text:
        return "It stands between straight quotes, so it cannot hold one: use “ and ”."
    if kind == "yaml":
        return ""
    return "" if _alone(kind, text) else "Its beginning or its signs would be read as something other than words."


AROUND = {"heading": "### {}\n", "title": "### {}\n", "cell": "| {} |\n| --- |\n", "alt": "![{}](x)\n"}


def _alone(kind: str, text: str) -> bool:
    """Whether the text, on its own, is read as one paragraph (heading, cell, image) that holds all of it."""
    tokens, problems = parse(AROUND.get(kind, "{}\n").replace("{}", text), "")
    inlines = [token for token in tokens if token.type == "inline"]
    if problems or len(inlines) != 1 or len(tokens) > (9 if kind == "cell" else 3):
        return False
    children = inlines[0].children or []
    if kind == "alt":
        return [child.type for child in children] == ["image"] and inlines[0].content == f"![{text}](x)"
    return inlines[0].content == (text.replace("\\|", "|") if kind == "cell" else text)
