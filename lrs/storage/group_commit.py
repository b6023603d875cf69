"""Group commit: requests of one process that store statements at the same time share a transaction.

To lock, to commit and to wait for the disk costs as much as a statement itself, and whoever comes meanwhile waits
anyway. Each request is still answered after the commit, and is all or nothing by itself.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from lrs.storage.database import Connection, Engine, commit, opened, rest
from lrs.storage.statements import Submission, store_all

MOST = 500  # statements in a transaction that is shared: more are memory, and save nothing


@dataclass(eq=False)
class Member:
    """A submission that waits to be stored, what must succeed with it, and what became of it: ids or an error."""

    submission: Submission
    first: Callable[[Connection, datetime], None] | None
    ids: list[str] | None = None
    error: Exception | None = None

    @property
    def done(self) -> bool:
        """Whether it was stored or refused."""
        return self.ids is not None or self.error is not None


class GroupCommit:
    """What stores statements for the requests of one process; the first that comes does it for those that wait."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock
        self._turn = threading.Lock()
        self._waiting: deque[Member] = deque()

    def store(self, submission: Submission, first: Callable[[Connection, datetime], None] | None = None) -> list[str]:
        """Store a submission, as store_all() does, and return its ids when they are on disk.

        ``first`` is called in the same transaction before; what it raises is raised here, and nothing is stored. No
        transaction of this thread may be open.
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
        return mine.ids or []

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
        """Store what is there to take when the lock is held, in one transaction; what fails, each in its own."""
        members: list[Member] = []
        try:
            connection = opened(self._engine, writes=True)
            try:
                members = take()
                stored = self._stored(connection, members)
                commit(connection)
            finally:
                rest(connection)
        except SQLAlchemyError as error:  # if only the word of the commit was lost, it must not be done twice
            for one in members or take():
                one.error = error
        except Exception as error:
            self._apart(members, error)
        else:
            for one, ids in zip(members, stored, strict=True):
                one.ids = ids

    def _stored(self, connection: Connection, members: list[Member]) -> list[list[str]]:
        # The clock is read with the lock held, so that the order of `stored` is the order of the rows.
        now = self._clock()
        for one in members:
            if one.first is not None:
                one.first(connection, now)
        return store_all(connection, [one.submission for one in members], now)

    def _apart(self, members: list[Member], error: Exception) -> None:
        """One of these is refused. Alone it is told why; the others are none the worse."""
        if len(members) == 1:
            members[0].error = error
        else:
            for one in members:
                self._commit(lambda one=one: [one])  # type: ignore[misc]
