"""Group commit: requests of one process that store statements at the same time share a transaction.

To lock, to commit and to wait for the disk costs as much as a statement itself, and whoever comes meanwhile waits
anyway. Each request is still answered after the commit, and is all or nothing by itself.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from lrs.storage.database import Connection, Engine, commit, opened, rest
from lrs.storage.statements import Submission, store_all

MOST = 500  # statements in a transaction that is shared: more are memory, and save nothing


@dataclass(eq=False)
class Member:
    """A submission that waits to be stored, what must succeed with it, and when it is done, its ids or an error."""

    submission: Submission
    first: Callable[[Connection, datetime], None] | None
    done: bool = False
    ids: list[str] = field(default_factory=list)
    error: Exception | None = None

    def end(self, ids: list[str], error: Exception | None = None) -> None:
        """Say what became of it."""
        self.ids, self.error, self.done = ids, error, True


class GroupCommit:
    """What stores statements for the requests of one process; the first that comes does it for those that wait."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock
        self._turn = threading.Lock()
        self._waiting: deque[Member] = deque()

    def store(self, submission: Submission, first: Callable[[Connection, datetime], None] | None = None) -> list[str]:
        """Store a submission, as store_all() does, and return its ids when they are on disk.

        ``first`` is called before it in the same transaction, perhaps by another thread; what it raises is raised here,
        and nothing is stored. This thread may not be in a transaction that writes, for which this one would wait.
        """
        mine = Member(submission, first)
        self._waiting.append(mine)
        with self._turn:
            while not mine.done:
                self._commit(self._next)
        try:
            if mine.error is not None:
                raise mine.error
        finally:
            mine.error = None  # its traceback leads back to it: a circle, which would keep the connection for long
        return mine.ids

    def _next(self) -> list[Member]:
        """Those that wait, while there is room, up to one with an id of another's: that must see what is stored."""
        taken: list[Member] = []
        known: set[str] = set()
        room = MOST
        while self._waiting:
            statements = self._waiting[0].submission.statements
            ids = {str(one["id"]).lower() for one in statements if "id" in one}
            room -= len(statements)
            if taken and (room < 0 or ids & known):
                break
            known |= ids
            taken.append(self._waiting.popleft())
        return taken

    def _commit(self, take: Callable[[], list[Member]]) -> None:
        """Store what there is to take when the lock is held, in one transaction, or where that fails each in its own.

        Whatever happens, each that was taken has its ids or an error afterwards.
        """
        members: list[Member] = []
        apart = False  # whether the error may be of one of several, and nothing of the others is kept
        try:
            connection = opened(self._engine, writes=True)
            try:
                members = take()
                apart = len(members) > 1
                stored = self._stored(connection, members)
                apart = False  # if only the word of the commit is lost, it must not be done twice
                commit(connection)
            finally:
                rest(connection)
            for one, ids in zip(members, stored, strict=True):
                one.end(ids)
        except Exception as error:
            for one in members or take():
                if apart:
                    self._commit(lambda one=one: [one])  # type: ignore[misc]
                else:
                    one.end([], error)
        finally:
            for one in members:
                if not one.done:  # it is no error that ends this thread
                    one.end([], RuntimeError("The thread that was to store this has ended"))

    def _stored(self, connection: Connection, members: list[Member]) -> list[list[str]]:
        # The clock is read with the lock held, so that the order of `stored` is the order of the rows.
        now = self._clock()
        for one in members:
            if one.first is not None:
                one.first(connection, now)
        return store_all(connection, [one.submission for one in members], now)
