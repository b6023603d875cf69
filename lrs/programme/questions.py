"""Question quality: how hard each question is and what is answered, for whoever writes the course."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request

from lrs import signin, transaction
from lrs.programme.export import XLSX, csv_file, download, xlsx_file
from lrs.programme.site import found
from lrs.programme.words import gettext, language, named
from lrs.rules.questions import FEWEST, Asked, Quality, Share, quality, questions_of
from lrs.storage import cohorts
from lrs.storage.answers import answers_given, versions_answered
from lrs.storage.cohorts import Course

KIND_WORDS = {
    "single": named("One answer"),
    "multiple": named("Several answers"),
    "true-false": named("True or false"),
    "match": named("Pairs"),
    "order": named("An order"),
    "fill": named("Words to fill in"),
    "number": named("A number"),
    "scale": named("A scale, without right or wrong"),
}


HEADINGS = (
    named("Module"),
    named("Question"),
    named("What it asks"),
    named("In the source"),
    named("Answers given"),
    named("Right, per cent"),
    named("What was answered"),
    named("To notice"),
)


class QuestionsPage(NamedTuple):
    """The questions of one version of a course, the hardest first; ``silent`` have too few answers to tell of."""

    course: Course
    title: str
    version: str
    versions: Sequence[str]
    rows: Sequence[Quality]
    silent: int
    modules: Mapping[str, str]


def question_quality(course: str) -> str:
    """How each question of a course does, the hardest first."""
    signin.lead()
    return render_template("questions.html", page=_page(course), row=_row, fewest=FEWEST, names=HEADINGS)


def questions_csv(course: str) -> Response:
    """The same as a CSV file."""
    return _file(course, "csv", "text/csv", csv_file)


def questions_xlsx(course: str) -> Response:
    """The same as a workbook."""
    return _file(course, "xlsx", XLSX, xlsx_file)


def _file(course: str, form: str, mimetype: str, made: Callable[[Iterable[Sequence[object]]], bytes]) -> Response:
    signin.lead()
    page = _page(course)
    signin.noted("export", f"questions {course}", f"{len(page.rows)} questions")
    rows = [_row(page, one) for one in page.rows]
    content = made([[gettext(name) for name in HEADINGS], *(list(row) for row in rows)])
    return download(content, mimetype, f"{page.course.id}-questions.{form}")


def _page(name: str) -> QuestionsPage:
    connection = transaction.reader()
    course = found(next((one for one in cohorts.which_courses(connection) if one.id == name), None))
    versions = sorted(versions_answered(connection, course.id), key=_in_order, reverse=True)
    wanted = request.args.get("version", "")
    version = wanted if wanted in versions else next(iter(versions), "")
    given: dict[str, list[tuple[str, bool, int]]] = {}
    for one in answers_given(connection, course.id, version):
        given.setdefault(one.question, []).append((one.response, one.right, one.times))
    every = [quality(asked, given.get(asked.iri, ())) for asked in questions_of(course.outline).asked.values()]
    told = sorted((one for one in every if one.told), key=_hardest_first)
    modules = {module["id"]: module["title"][language()] for module in course.outline["modules"]}
    title = course.title_cy if language() == "cy" else course.title_en
    return QuestionsPage(course, title, version, versions, told, len(every) - len(told), modules)


def _in_order(version: str) -> tuple[tuple[int, str], ...]:
    """What versions are sorted by, so that 1.10.0 comes after 1.9.0."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in version.split("."))


def _hardest_first(one: Quality) -> tuple[bool, float, str]:
    return one.right is None, one.right or 0.0, one.asked.iri


class Row(NamedTuple):
    """One question in words, in the order of HEADINGS."""

    module: str
    question: str
    asks: str
    source: str
    times: int
    right: int | str
    answered: str
    notice: str


def _row(page: QuestionsPage, one: Quality) -> Row:
    asked = one.asked
    kind = gettext(KIND_WORDS[asked.kind]) if asked.kind in KIND_WORDS else asked.kind
    return Row(
        module=page.modules.get(asked.module, asked.module),
        question=f"{asked.id} ({kind})",
        asks=asked.title.get(language(), ""),
        source=asked.source.get(language(), ""),
        times=one.times,
        right="" if one.right is None else round(100 * one.right),
        answered="; ".join(_share(asked, share) for share in one.shares),
        notice=" ".join(_notices(one)),
    )


def _share(asked: Asked, share: Share) -> str:
    words = gettext("%(option)s: %(share)s%%", option=_option(share.option), share=round(100 * share.share))
    return gettext("%(answer)s (right)", answer=words) if share.right and asked.judged else words


def _option(option: str) -> str:
    if option in ("true", "false"):
        return gettext("True") if option == "true" else gettext("False")
    return gettext("Answer %(number)s", number=option)


def _notices(one: Quality) -> Iterator[str]:
    if one.hard:
        yield gettext("Most get this wrong.")
    if one.unchosen:
        options = ", ".join(map(_option, one.unchosen))
        yield gettext("Nobody chooses: %(options)s.", options=options)


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.add_url_rule("/courses/<course>/questions", view_func=question_quality)
    bp.add_url_rule("/courses/<course>/questions.csv", view_func=questions_csv)
    bp.add_url_rule("/courses/<course>/questions.xlsx", view_func=questions_xlsx)
