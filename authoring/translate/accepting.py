"""Records in translations.yml what a person accepts, and lets go of reviews of Welsh that an import has changed."""

from collections.abc import Iterable
from pathlib import Path

from authoring.source import Source
from authoring.translate.files import save_all
from authoring.translate.incoming import Incoming, raw_text
from authoring.translate.pairs import PagePair
from authoring.translate.record import FILE, Entry, recorded, with_entries

Entries = dict[tuple[str, str], Entry]


def accepted(
    source: Source, pages: list[PagePair], names: Iterable[str], reviewer: str | None, day: str
) -> tuple[Entries, list[str]]:
    """The entries to write for pages named MODULE or MODULE/PAGE, and a sentence for each name that cannot be taken."""
    entries: Entries = {}
    wrong: list[str] = []
    text = raw_text(source, FILE) or ""
    for name in names:
        module, _, id = name.strip("/").partition("/")
        own = [page for page in pages if page.page is not None and page.module == module and id in ("", page.id)]
        if not own:
            known = sorted({page.module for page in pages} if not id else {page.name for page in pages if page.page})
            wrong.append(f"There is no {'page' if id else 'module'} “{name}”. {_near(name, known)}".rstrip())
        for page in own:
            if page.state == "missing":
                wrong.append(f"{page.name} has no Welsh to accept.")
            entries[page.module, page.id] = _entry(page, recorded(text, page.module, page.id), reviewer, day)
    return entries, wrong


def _near(name: str, known: list[str]) -> str:
    from authoring.rules import did_you_mean

    return did_you_mean(name, known) or (f"There are: {', '.join(known)}." if len(known) <= 12 else "")


def _entry(page: PagePair, before: Entry, reviewer: str | None, day: str) -> Entry:
    english = page.english.page_hash(page.page) if page.page else None
    if reviewer is not None:
        return Entry(english, reviewer, day)
    return Entry(english, *before[1:]) if before.english in (None, english) else Entry(english)


def save(source: Source, entries: Entries, files: dict[Path, bytes] | None = None) -> None:
    """Writes translations.yml with the entries set, together with other files: all or none. Raises OSError."""
    contents = dict(files or {})
    if entries:
        text = (raw_text(source, FILE) or "").removeprefix("\ufeff")
        ends = "\r\n" if "\r\n" in text else "\n"
        new = with_entries(text.replace("\r\n", "\n"), entries)
        contents[source.folder / FILE] = new.replace("\n", ends).encode()
    save_all(contents)


def save_incoming(source: Source, found: Incoming) -> None:
    """Writes the Welsh files of an import; a page that was reviewed and whose Welsh changes is so no more."""
    text = raw_text(source, FILE) or ""
    before = {page: recorded(text, *page) for page in found.changed}
    entries = {page: Entry(entry.english) for page, entry in before.items() if entry.reviewed_by is not None}
    save(source, entries, {source.folder / file: new.encode() for file, new in found.files.items()})
