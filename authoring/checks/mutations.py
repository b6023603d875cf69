"""Welsh words that are the same word: mutated at the beginning, inflected at the end, a vowel changed between."""

import re
from functools import lru_cache

# Radical and what it becomes: soft, nasal and aspirate mutation. Before a vowel an h may come instead.
MUTATED = {
    "p": ("b", "mh", "ph"), "t": ("d", "nh", "th"), "c": ("g", "ngh", "ch"), "b": ("f", "m"), "d": ("dd", "n"),
    "g": ("", "ng"), "m": ("f",), "ll": ("l",), "rh": ("r",),
}  # fmt: skip
# Letters of two signs that do not mutate, although their first sign alone does.
FIRM = ("ch", "dd", "ff", "ng", "ph", "th")
VOWELS = "aeiouwyâêîôûŵŷáéíóúẃýàèìòùẁỳäëïöüẅÿ"
AS_ONE = str.maketrans(dict.fromkeys(VOWELS, "a"))
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def mutations(word: str) -> list[str]:
    """A word in small letters and every form that a mutation can give its beginning."""
    first = word[:2] if word[:2] in ("ll", "rh", *FIRM) else word[:1]
    forms = [word, *(form + word[len(first) :] for form in MUTATED.get(first, ()))]
    return forms + (["h" + word] if word[:1] and word[0] in VOWELS else [])


def radicals(word: str) -> list[str]:
    """A word in small letters and every word of which it may be a mutated form."""
    found = [word]
    for radical, forms in MUTATED.items():
        found += [radical + word[len(form) :] for form in forms if form and word.startswith(form)]
    # g is lost altogether, and only these can follow it.
    if word[:1] and word[0] in VOWELS + "lrn":
        found.append("g" + word)
    return found + ([word[1:]] if word[:1] == "h" and word[1:2] and word[1] in VOWELS else [])


def shape(text: str) -> str:
    """The text in small letters with every vowel the same, for vowels change when a word is inflected."""
    return text.casefold().translate(AS_ONE)


@lru_cache(maxsize=1024)
def stems(word: str) -> tuple[str, ...]:
    """What the shapes of a word's forms begin with, whatever its own beginning has been mutated to."""
    found = {form for radical in radicals(word.casefold()) for form in map(shape, mutations(radical))}
    return tuple(sorted({form[: max(3, len(form) - 2)] for form in found}))


def akin(shaped: str, beginnings: tuple[str, ...]) -> bool:
    """Whether a word, given as its shape, may be a form of the word with these stems: cyrff and corff, ofal and gofal.

    Generous on purpose: some of what it takes for a form is another word, but no form is missed.
    """
    return shaped.startswith(beginnings) and len(shaped) <= max(map(len, beginnings)) + 7
