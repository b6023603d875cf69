"""The bytes of attachments: kept once for each hash, and given out with the statements that brought them."""

from collections.abc import Mapping, Sequence

from lrs.storage.database import Connection
from lrs.storage.rows import Row, insert, rows, rows_where_in

LINKED = "SELECT l.seq, l.sha2, length(a.content) FROM statement_attachments l JOIN attachments a ON a.sha2 = l.sha2 "
Content = bytes | memoryview


def keep(connection: Connection, contents: Mapping[str, Content], links: Sequence[tuple[int, str]]) -> None:
    """Keep the contents, by their SHA-2 in lower case, and which row of a statement came with which."""
    known = {row[0] for row in rows_where_in(connection, "SELECT sha2 FROM attachments WHERE sha2 IN", list(contents))}
    wanted = {sha2 for _, sha2 in links}
    new: list[Row] = [(sha2, contents[sha2]) for sha2 in sorted(wanted - known)]
    insert(connection, "attachments", ("sha2", "content"), new, " ON CONFLICT DO NOTHING")
    insert(connection, "statement_attachments", ("seq", "sha2"), sorted(set(links)))


def sizes(connection: Connection, seqs: Sequence[int]) -> dict[int, dict[str, int]]:
    """The hashes that these rows of statements came with, and how many bytes stand behind each."""
    found: dict[int, dict[str, int]] = {}
    for seq, sha2, size in rows_where_in(connection, LINKED + "WHERE l.seq IN", seqs):
        found.setdefault(seq, {})[sha2] = size
    return found


def content(connection: Connection, sha2: str) -> bytes:
    """The bytes with this hash, which must be kept."""
    return bytes(rows(connection, "SELECT content FROM attachments WHERE sha2 = ?", sha2)[0][0])
