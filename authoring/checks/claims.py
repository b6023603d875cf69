"""What the text claims: facts that are used, and in both languages; and “must” for what a fact says is law."""

import re
from collections.abc import Iterator

from authoring.blocks import PageSource
from authoring.checks.languages import every_pair, page_pairs
from authoring.checks.links import citations
from authoring.checks.passages import CITED, passages, place_of, sentences
from authoring.markdown import At
from authoring.problems import Problem
from authoring.rules import problem
from authoring.source import Source

QUOTED = re.compile(r"“[^”]*”")
MUST = {"en": re.compile(r"\bmust\b", re.I), "cy": re.compile(r"\brh?aid\b", re.I)}
# What need not be, or is asked: nid oes rhaid, does dim rhaid, heb fod rhaid, os oes rhaid, o raid.
NO_DUTY = re.compile(r"\b(?:nid|nad|ni|na|dim|heb|os|bo|o)(?: \w+){0,2} rh?aid\b", re.I)
NO_LAW = {"en": "", "cy": "Cite the fact, or say “dylai”, “mae angen” or “disgwylir”."}
CLAIMING = ("prose", "scene", "asked", "told", "cell")


def facts_are_used(source: Source) -> Iterator[Problem]:
    """fact-unused: what no page cites is checked again and again for nobody."""
    cited = {fact for file in source.texts() for fact, _ in citations(file)}
    for fact in source.table("facts"):
        if fact not in cited:
            yield problem("fact-unused", source.tables["facts"].place(fact), f"No page cites the fact “{fact}”.")


def facts_are_cited_in_both(source: Source) -> Iterator[Problem]:
    """fact-language: page by page, the same facts stand behind both languages."""
    for english, welsh in every_pair(source):
        cited = list(citations(english)), list(citations(welsh))
        for theirs, ours in page_pairs(english, welsh):
            there, here = _on(theirs, cited[0]), _on(ours, cited[1])
            for fact in sorted((there.keys() ^ here.keys()) & source.table("facts").keys()):
                file, at, name = (english, there[fact], "Welsh") if fact in there else (welsh, here[fact], "English")
                words = f"The fact “{fact}” is cited here, and not on this page in {name}."
                yield problem("fact-language", file.place(at), words)


def _on(page: PageSource, cited: list[tuple[str, At]]) -> dict[str, At]:
    """The facts that stand on a page, with the first place of each."""
    return {fact: at for fact, at in reversed(cited) if page.at[0] <= at[0] < page.last}


def duties_are_cited(source: Source) -> Iterator[Problem]:
    """must-cited: outside questions and speech a sentence that says “must” cites the fact that says so."""
    for file in source.texts():
        said = MUST[file.language]
        for passage in (one for page in file.pages for one in passages(page) if one.kind in CLAIMING):
            if not said.search(passage.text):
                continue
            for sentence in sentences(passage._replace(text=QUOTED.sub(_emptied, passage.text))):
                found = said.search(NO_DUTY.sub("", sentence.text))
                if found and CITED not in sentence.text and not sentence.text.endswith("?"):
                    place = place_of(file, sentence, found[0])
                    words = f"“{found[0]}” stands in a sentence that cites no fact."
                    yield problem("must-cited", place, words, NO_LAW[file.language])


def _emptied(quoted: re.Match[str]) -> str:
    return "“" + "\n" * quoted[0].count("\n") + "”"


RULES = (facts_are_used, facts_are_cited_in_both, duties_are_cited)
