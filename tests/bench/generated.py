"""A course made up for measuring: ten modules, 12,000 words a language, 50 questions, a slot every council fills."""

import random
import re
import shutil
from pathlib import Path
from typing import Any

import yaml

MODULES, PAGES, WORDS, QUESTIONS = 10, 6, 1_200, 5
LISTS = ("standard.yml", "glossary.yml", "authorities.yml", "facts.yml")
ASKED = {"en": "Which of these is right?", "cy": "Pa un o’r rhain sy’n gywir?"}
TITLES = {"en": "Page", "cy": "Tudalen"}
NO_PROSE = re.compile(r"^[:#>|-]|[{]|\.md|___|\(http", re.MULTILINE)


def generate(pattern: Path, folder: Path) -> Path:
    """The course in ``folder``, made of the sentences of the course ``pattern``; the same at every call."""
    folder.mkdir(parents=True)
    for name in LISTS:
        shutil.copy(pattern / name, folder)
    course: dict[str, Any] = yaml.safe_load((pattern / "course.yml").read_text())
    course |= {"id": "measured", "modules": [f"module-{number}" for number in range(1, MODULES + 1)]}
    (folder / "course.yml").write_text(yaml.safe_dump(course, allow_unicode=True, sort_keys=False))
    (folder / "translations.yml").write_text("{}\n")
    for language in ("en", "cy"):
        sentences = found(pattern, language)
        for number in range(1, MODULES + 1):
            words = Author(sentences, language, random.Random(number))
            (folder / f"{number:02}-module-{number}.{language}.md").write_text(words.module(number))
    for council in yaml.safe_load((folder / "authorities.yml").read_text()):
        own = folder / "overlays" / council["slug"]
        own.mkdir(parents=True)
        for language in ("en", "cy"):
            (own / f"01-module-1.{language}.md").write_text(
                f"::: local #contacts\n{council['council'][language]}.\n:::\n"
            )
    return folder


def found(pattern: Path, language: str) -> list[str]:
    """Sentences of the course in a language, links to facts taken off, those to terms kept."""
    text = "\n".join(path.read_text() for path in sorted(pattern.glob(f"*.{language}.md")))
    text = re.sub(r"\[([^\]]*)\]\(fact:[^)]*\)", r"\1", text)
    lines = [line for line in text.split("\n\n") if re.match(r"[A-Z]", line) and not NO_PROSE.search(line)]
    return [one for line in lines for one in re.split(r"(?<=[.?]) ", line) if 6 < len(one.split()) < 30]


class Author:
    """Writes in one language; the shape depends on numbers alone, so that both languages have the same."""

    def __init__(self, sentences: list[str], language: str, chance: random.Random):
        self.sentences, self.language, self.chance = sentences, language, chance

    def said(self, words: int) -> str:
        """About so many words in whole sentences."""
        told: list[str] = []
        while sum(len(one.split()) for one in told) < words:
            told.append(self.chance.choice(self.sentences))
        return " ".join(told)

    def module(self, number: int) -> str:
        """A module: front matter, then pages of paragraphs, a list, a note and questions."""
        head = f"---\nid: module-{number}\ntitle: Module {number}\nsummary: {self.plain()}\nminutes: 20\noutcomes:\n"
        head += f'  - {{text: "{self.plain()}", tags: [KS1]}}\n---\n'
        return head + "".join(self.page(number, page) for page in range(1, PAGES + 1))

    def plain(self) -> str:
        """A sentence without marks, quotes or colons."""
        return re.sub(r"[\"“”:*\[\]]|\(term:[^)]*\)", "", self.chance.choice(self.sentences))

    def page(self, module: int, page: int) -> str:
        """A page: its share of the words, and a question on all but the last."""
        share = WORDS // PAGES - 148
        parts = [f"\n## {TITLES[self.language]} {page} {{#page-{page}}}\n", self.said(share // 2)]
        parts += [
            "\n".join(f"- {self.plain()}" for _ in range(2)),
            f"::: note\n{self.said(12)}\n:::",
            self.said(share // 4),
        ]
        if (module, page) == (1, 1):
            parts.append("::: local #contacts\n" + self.plain() + "\n:::")
        if page <= QUESTIONS:
            parts.append(self.question(page))
        return "\n\n".join(parts) + "\n"

    def question(self, number: int) -> str:
        """Three options, one of them right, each with feedback."""
        options = [f"- ({'x' if one == number % 3 else ' '}) {self.plain()}\n  > {self.plain()}" for one in range(3)]
        return f"::: question #question-{number}\n{ASKED[self.language]}\n\n" + "\n".join(options) + "\n:::"
