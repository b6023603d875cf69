"""The block rule reads every document of blocks.md as it says there."""

from authoring.blocks import Block, groups, pages
from authoring.markdown import parse, plain


def drawn(parts, depth=1):
    """What stands in what, a line each, with the line of the source."""
    lines = []
    for part in parts:
        indent = "  " * depth
        if isinstance(part, Block):
            options = "".join(f" {key}={value!r}" for key, value in part.options)
            words = f"{part.name or '?'}{f' #{part.id}' if part.id else ''}{options}"
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
        lines.append(f"{indent}{fold.at[0]} fold “{plain(fold.title)}”")
        lines += drawn(fold.parts, depth + 1)
    for answer in block.answers:
        feedback = ", feedback" if answer.feedback else ""
        right = "right" if answer.right else "wrong"
        lines.append(f"{indent}{answer.at[0]} {answer.mark} {right} “{plain(answer.words)}”{feedback}")
    if block.after:
        lines.append(f"{indent}after")
    return lines


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
