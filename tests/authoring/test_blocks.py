"""The block rule reads every document of blocks.md as it says there."""

from authoring.answers import span
from authoring.blocks import Block, groups, pages
from authoring.markdown import parse, plain


def drawn(parts, depth=1):
    """What stands in what, a line each, with the line of the source."""
    lines = []
    for part in parts:
        indent = "  " * depth
        if isinstance(part, Block):
            options = "".join(f" {key}={value!r}" for key, value in part.options)
            names = "".join(f" {name}" for name in (part.id and f"#{part.id}", part.src) if name)
            words = f"{part.name or '?'}{names}{options}"
            lines.append(f"{indent}{part.at[0]} {words}{f' “{part.title}”' if part.title else ''}")
            lines += drawn(part.parts, depth + 1)
            lines += drawn_inside(part, depth + 1)
        else:
            kinds = [group[0].type.removesuffix("_open") for group in groups(part.tokens)]
            lines.append(f"{indent}{part.at[0]} {' '.join(kinds)}")
    return lines


def drawn_inside(block, depth):
    indent = "  " * depth
    lines = []
    for fold in block.folds:
        names = "".join(f" {name}" for name in (fold.id and f"#{fold.id}", *fold.classes) if name)
        leads = " ".join(["", "leading to", *(link.attrs["href"] for link in fold.choices)]) if fold.choices else ""
        lines.append(f"{indent}{fold.at[0]} fold{names} “{plain(fold.title)}”{leads}")
        lines += drawn(fold.parts, depth + 1)
    for answer in block.answers:
        lines.append(f"{indent}{answer.at[0]} {drawn_answer(block.name, answer)}")
    for blank in block.blanks:
        variants = " or ".join(map(repr, blank.meta["variants"]))
        lines.append(f"{indent}{blank.meta['at'][0]} blank {variants or 'that is not closed'}")
    for value, at in block.values:
        lines.append(f"{indent}{at[0]} accepts {value!r}: {span(value) and ' to '.join(span(value))}")
    if block.after:
        lines.append(f"{indent}after")
    if block.stray:
        lines.append(f"{indent}stray {block.stray[0]}")
    return lines


def drawn_answer(kind, answer):
    words = f"“{plain(answer.words)}”"
    if kind == "match":
        return f"{words} to {answer.target and f'“{plain(answer.target)}”'}"
    if kind != "question":
        return words
    feedback = ", feedback" if answer.feedback else ""
    return f"{answer.mark} {'right' if answer.right else 'wrong'} {words}{feedback}"


def outline(source):
    tokens, problems = parse(source, "page.md")
    before, found = pages(tokens, source.count("\n") + 1)
    lines = drawn(before)
    for page in found:
        lines += [f"page #{page.id} “{plain(page.title)}”", *drawn(page.parts)]
    return "".join(f"{line}\n" for line in [*lines, *map(str, problems)])


def test_blocks_are_read_as_the_document_says(block_case):
    _, source, expected = block_case
    assert outline(source) == expected
