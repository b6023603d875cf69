"""The tables in the documents that are drawn from the code; run it to write them again (`make docs`)."""

from pathlib import Path

from authoring.rules import RULES
from lrs.config import SETTINGS

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- table: drawn by make docs -->\n", "<!-- end of table -->"


def settings() -> str:
    """A row for each setting of the record store."""
    rows = [f"| `{one.name}` | {f'`{one.default}`' if one.default else '–'} | {one.help} |" for one in SETTINGS]
    return "\n".join(["| setting | default | what |", "| --- | --- | --- |", *rows])


def rules() -> str:
    """A row for each rule that a course must pass."""
    rows = [f"| `{name}` | {one.severity} | {one.asks} | {one.mend} |" for name, one in RULES.items()]
    return "\n".join(["| rule | severity | what it asks | how to mend it |", "| --- | --- | --- | --- |", *rows])


TABLES = {"docs/operators.md": settings, "docs/rules.md": rules}


def drawn(text: str, table: str) -> str:
    """The document with its table drawn afresh."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table}\n{END}{after}"


if __name__ == "__main__":
    for name, table in TABLES.items():
        path = ROOT / name
        path.write_text(drawn(path.read_text("utf-8"), table()), "utf-8")
