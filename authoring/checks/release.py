"""What may wait while a course is written, and may not when it is released."""

import re
from collections.abc import Iterator
from datetime import date

from authoring.checks.links import citations
from authoring.problems import Problem
from authoring.rules import problem
from authoring.source import Source, mapping

PLACEHOLDER = re.compile(r"https?://[^/:?#]+\.example(?:[/:?#]|$)")


def welsh_is_reviewed(source: Source, today: date) -> Iterator[Problem]:
    """welsh-not-reviewed, welsh-stale: page by page, from translations.yml."""
    for name, pair in source.translated():
        if len(pair) != 2:
            continue
        english, welsh = pair["en"], pair["cy"]
        hashes = {page.id: english.page_hash(page) for page in english.pages}
        recorded = mapping(source.table("translations").get(name))
        for page in (one for one in welsh.pages if one.id):
            entry = mapping(recorded.get(page.id or ""))
            if not entry.get("reviewed_by"):
                yield problem(
                    "welsh-not-reviewed", welsh.place(page.at), f"The page “{page.id}” has not been reviewed."
                )
            if entry.get("from") not in (None, hashes.get(page.id)):
                words = (
                    f"The English of “{page.id}” has changed since it was translated (it is now {hashes.get(page.id)})."
                )
                yield problem("welsh-stale", welsh.place(page.at), words)


def facts_are_fresh(source: Source, today: date) -> Iterator[Problem]:
    """fact-due: facts cited in the text, once each, that are past their review date or were never checked."""
    cited = {fact for file in source.texts() for fact, _ in citations(file)}
    for fact, entry in source.table("facts").items():
        if fact not in cited:
            continue
        review, place = mapping(entry).get("review"), source.tables["facts"].place(fact)
        if isinstance(review, str) and review < today.isoformat():
            yield problem("fact-due", place, f"The fact “{fact}” was to be reviewed by {review}.")
        if mapping(entry).get("confidence") == "check":
            yield problem("fact-due", place, f"The fact “{fact}” is marked as still to be checked.")


def addresses_are_our_own(source: Source, today: date) -> Iterator[Problem]:
    """placeholder-iri: no host that ends in .example (RFC 2606) goes out, for an activity's address is for ever."""
    course = source.tables["course"]
    for path in [
        ("iri",),
        ("record-store",),
        *(("extensions", key) for key in mapping(source.table("course").get("extensions"))),
    ]:
        value = source.table("course").get(path[0])
        address = mapping(value).get(path[1]) if len(path) == 2 else value
        if isinstance(address, str) and PLACEHOLDER.match(address):
            yield problem("placeholder-iri", course.place(*path), f"The address {address} is a placeholder.")


RULES = (welsh_is_reviewed, facts_are_fresh, addresses_are_our_own)
