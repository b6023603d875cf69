"""How often each answer to a question was given: added to when statements are stored, and never with whose it was."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from lrs.rules.questions import Answer, answer_in, questions_in
from lrs.storage.database import Connection
from lrs.storage.programme_tables import answers
from lrs.storage.rows import insert, rows_where_in

QUESTIONS = "SELECT iri, course FROM course_activities WHERE kind = 'question' AND iri IN"
OUTLINES = "SELECT id, outline FROM courses WHERE id IN"
COLUMNS = ("course", "question", "version", "response", '"right"', "times")
AND_ONE_MORE = (
    ' ON CONFLICT (course, question, version, response, "right") DO UPDATE SET times = answers.times + excluded.times'
)


class Given(NamedTuple):
    """An answer and how often it was given."""

    question: str
    response: str
    right: bool
    times: int


def tally(connection: Connection, statements: Sequence[dict[str, Any]], voided: Collection[str]) -> None:
    """Count the answers in these new statements, but for those that are void already; who gave them is not kept."""
    about = {
        statement["object"]["id"]
        for statement in statements
        if "response" in statement.get("result", ()) and "id" in statement["object"]
    }
    if not about:
        return
    courses = {row[0]: row[1] for row in rows_where_in(connection, QUESTIONS, list(about))}
    texts = {row[0]: row[1] for row in rows_where_in(connection, OUTLINES, list(set(courses.values())))}
    counts: Counter[tuple[str, Answer]] = Counter()
    for statement in statements:
        course = courses.get(statement["object"].get("id", ""))
        if course and statement["id"].lower() not in voided:
            answer = answer_in(statement, questions_in(texts[course]))
            if answer:
                counts[course, answer] += 1
    new = [(course, *answer, times) for (course, answer), times in sorted(counts.items())]
    insert(connection, "answers", COLUMNS, new, AND_ONE_MORE)


def versions_answered(connection: Connection, course: str) -> list[str]:
    """The versions of a course of which there are answers, by their names."""
    query = select(answers.c.version).where(answers.c.course == course).distinct().order_by(answers.c.version)
    return list(connection.scalars(query))


def answers_given(connection: Connection, course: str, version: str) -> list[Given]:
    """Each answer to each question of one version of a course, with how often it was given."""
    table = answers.c
    query = select(table.question, table.response, table.right, table.times)
    query = query.where(table.course == course, table.version == version)
    return [Given(*row) for row in connection.execute(query.order_by(table.question, table.response, table.right))]
