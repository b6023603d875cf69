"""A module is cut into the words that are translated, and nothing else; each unit knows where its words stand."""

import pytest

from authoring.source import module_file, read
from authoring.translate.pairs import page_pairs
from authoring.translate.spans import Edit, edited
from authoring.translate.units import cut

HEAD = "---\nid: a\ntitle: T\nsummary: S\nminutes: 5\noutcomes:\n  - {text: O}\n---\n\n## Page {#p}\n\n"


def units(body):
    return [(unit.path, unit.text) for unit in cut(module_file("01-a.en.md", "en", HEAD + body))["p"][1:]]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Words.\n", [("p1", "Words.")]),
        ("Soft\nbreak.\n", [("p1", "Soft break.")]),
        ("Hard\\\nbreak.\n", [("p1", "Hard\\\nbreak.")]),
        ("Hard  \nbreak.\n", [("p1", "Hard\\\nbreak.")]),
        ("- One\n- **Two**\n", [("item1/p1", "One"), ("item2/p1", "**Two**")]),
        ("1. 1.\n2. a\n", [("item1/item1", ""), ("item2/p1", "a")][1:]),
        ("- a\n\n  > q\n", [("item1/p1", "a"), ("item1/quote1/p1", "q")]),
        ("### Head\n\n#### Lower ####\n", [("h1", "Head"), ("h2", "Lower")]),
        ("| A | b \\| c |\n| --- | --- |\n|  | d |\n", [("cell1", "A"), ("cell2", "b \\| c"), ("cell4", "d")]),
        ("> | A |\n> | --- |\n> | b |\n", [("quote1/cell1", "A"), ("quote1/cell2", "b")]),
        ("![What it shows.](media/a.svg)\n", [("p1", "What it shows.")]),
        ("See ![it](media/a.svg) here.\n", [("p1", "See ![it](media/a.svg) here.")]),
        ("::: tip Title *words*\nInside.\n:::\n", [("tip1/title", "Title *words*"), ("tip1/p1", "Inside.")]),
        ("::: tip\nOne.\n:::\n\n::: tip\nTwo.\n:::\n", [("tip1/p1", "One."), ("tip2/p1", "Two.")]),
        (
            '::: question #q points=2 hint="A hint."\nAsk?\n\n- (x) Yes\n  > Right.\n- ( ) No\n:::\n',
            [
                ("#q/hint", "A hint."), ("#q/p1", "Ask?"), ("#q/answer1/p1", "Yes"),
                ("#q/answer1/quote1/p1", "Right."), ("#q/answer2/p1", "No"),
            ],
        ),
        (
            "::: match #m\nMatch.\n\n- A -> B\n- -> C\n- *D*\n  → E\n:::\n",
            [
                ("#m/p1", "Match."), ("#m/item1/left", "A"), ("#m/item1/right", "B"), ("#m/item2/right", "C"),
                ("#m/item3/left", "*D*"), ("#m/item3/right", "E"),
            ],
        ),
        ("::: number #n\nHow many?\n\n= 20..24\n:::\n", [("#n/p1", "How many?")]),
        ("::: number #n\nHow many?\n= 3\n:::\n", [("#n/p1", "How many?")]),
        ("> [!NOTE]\n> Words\n> more.\n", [("note1/p1", "Words more.")]),
        (
            '::: figure media/a.svg alt="Alt." A caption\nLong.\n:::\n',
            [("figure1/alt", "Alt."), ("figure1/title", "A caption"), ("figure1/p1", "Long.")],
        ),
        ("::: tabs\n### One\nWords.\n:::\n", [("tabs1/h1", "One"), ("tabs1/p1", "Words.")]),
        ("::: scenario #s\n### A {#a .poor}\n[Go](#b)\n:::\n", [("#s/h1", "A"), ("#s/p1", "[Go](#b)")]),
        ("```\ncode\n```\n\n    more\n", []),
        ("[a]: https://a.test\n\nSee [a].\n", [("p1", "See [a].")]),
        ("A title\n=======\n", [("h1", "A title")]),
    ],
)  # fmt: skip
def test_the_words_are_units_and_their_signs_are_not(body, expected):
    assert units(body) == expected


def test_each_page_counts_from_one():
    file = module_file(
        "01-a.en.md", "en", HEAD + "One.\n\n::: tip\nA.\n:::\n\n## Next {#n}\n\nTwo.\n\n::: tip\nB.\n:::\n"
    )
    assert {page: [unit.path for unit in found] for page, found in cut(file).items() if page != "-"} == {
        "p": ["title", "p1", "tip1/p1"], "n": ["title", "p1", "tip1/p1"],
    }  # fmt: skip


FRONTS = [
    ("title: Tea and milk", "Tea and milk"),
    ('title: "Tea: \\"milk\\""', 'Tea: "milk"'),
    ("title: 'It''s tea'", "It's tea"),
    ("title: Tea\n  and milk", "Tea and milk"),
    ("title: >-\n  Tea\n  and milk", "Tea and milk"),
]


@pytest.mark.parametrize(("yaml", "words"), FRONTS)
@pytest.mark.parametrize(
    "new",
    [
        "Te",
        "Te: a llaeth",
        "Te’r “bore”",
        'Dweud "te"',
        "it's",
        "# te",
        "null",
        "12",
        "a, b}",
        "-",
        "- a",
        "? a",
        "!a",
        "@a",
        "%",
        "a #b",
        "a:",
    ],
)
def test_front_matter_is_read_in_any_style_and_written_so_that_it_reads_the_same(yaml, words, new):
    from authoring.translate.laying import _edit

    text = HEAD.replace("title: T", yaml)
    file = module_file("01-a.cy.md", "cy", text)
    title = cut(file)["-"][0]
    assert (title.path, title.text) == ("title", words)
    changed = module_file("01-a.cy.md", "cy", "\n".join(edited(file.lines, [_edit(title, new, file.lines)])))
    assert changed.front.value == {**file.front.value, "title": new}
    assert changed.problems == file.problems == []


def test_every_inline_of_every_tiny_course_is_a_unit_or_an_answer_of_a_number(tiny):
    for file in read(tiny).files():
        found = sum(len(one) for one in cut(file).values())
        words = [token for token, before in zip(file.tokens[1:], file.tokens, strict=False) if token.type == "inline"
                 and before.type != "inline" and token.level and token.content]  # fmt: skip
        assert found >= len(words) > 0


def test_both_languages_of_every_tiny_course_have_the_same_units(tiny):
    assert [page.name for page in page_pairs(read(tiny)) if not page.alike] == []


def test_new_words_replace_old_ones_and_keep_the_marks_around_them():
    lines = ["> 1. old", ">    words\\", ">    more", "after\r", "| a | b |"]
    from authoring.translate.spans import Span

    edits = [
        Edit((Span(1, 5, 8), Span(2, 5, 11), Span(3, 5, 9)), ["new\\", "words"]),
        Edit((Span(4, 0, 5),), ["one\\", "two"]),
        Edit((Span(5, 2, 3),), ["x"]), Edit((Span(5, 6, 7),), ["yy"]),
    ]  # fmt: skip
    assert edited(lines, edits) == ["> 1. new\\", ">    words", "one\\\r", "two\r", "| x | yy |"]
