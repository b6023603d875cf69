"""A small course made by hand, with every kind of part in it, and its outline as course.json has it."""

from dataclasses import replace
from typing import Any

from authoring import manifest
from authoring.course import (
    Accordion,
    Callout,
    Course,
    Fold,
    Module,
    Option,
    Page,
    Part,
    Prose,
    Question,
    Reflect,
    Term,
    Text,
    Verb,
    short_key,
)

BASE = "https://ktb.vsc.example/tiny"
VERBS = ("initialized", "completed", "passed", "failed", "terminated", "answered")


def both(words: str) -> Text:
    """Words whose Welsh says so."""
    return Text(words, f"{words} (cy)")


def html(words: str) -> Text:
    """A paragraph in both languages."""
    return Text(f"<p>{words}</p>", f"<p>{words} (cy)</p>")


def prose(words: str) -> Prose:
    return Prose(html(words))


def question(module: str, name: str, kind: str, *options: tuple[str, bool]) -> Question:
    """A question from (words, right) pairs, with feedback for each."""
    made = tuple(
        Option(str(number), html(words), right, html(f"About {words}."))
        for number, (words, right) in enumerate(options, 1)
    )
    iri = f"{BASE}/modules/{module}/questions/{name}"
    ask = f"What of {name}?"
    return Question(name, short_key("question", module, name), iri, kind, html(ask), both(ask), made)  # type: ignore[arg-type]


def reflect(module: str, name: str) -> Reflect:
    ask = f"What do you think of {name}?"
    key = short_key("reflect", module, name)
    return Reflect(name, key, html(ask), both(ask), html("Thank you for writing."), (30, 200))


def page(module: str, name: str, *parts: Part) -> Page:
    return Page(name, short_key("page", module, name), both(f"The page {name}"), parts)


def module(name: str, number: int, *pages: Page, **changes: Any) -> Module:
    made = Module(
        id=name,
        key=short_key("module", name),
        iri=f"{BASE}/modules/{name}",
        number=number,
        document=f"{name}.html",
        title=both(f"Module {name}"),
        summary=both("A summary."),
        minutes=20,
        outcomes=(both("Know it."),),
        tags=("KS1",),
        complete_when="answered",
        pass_mark=None,
        pages=pages,
    )
    return replace(made, **changes)


def first() -> Module:
    """Three pages: prose with sources, a term and every container; questions of three kinds; a reflection."""
    told = Text(
        '<p>Read of a <a class="term" href="#term-duty">duty</a> and of <span lang="cy">hiraeth</span>.</p>'
        '<p class="source"><b>Source</b> The Act. Checked 2 November 2026.</p>'
        "<h2>More of it</h2><ul><li>One</li><li>Two</li></ul>"
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        '<p>Darllenwch am <a class="term" href="#term-duty">ddyletswydd</a> ac am <span lang="en">longing</span>.</p>'
        '<p class="source"><b>Ffynhonnell</b> Y Ddeddf. Gwiriwyd 2 Tachwedd 2026.</p>'
        "<h2>Rhagor</h2><ul><li>Un</li><li>Dau</li></ul>"
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
    )
    folds = (Fold(both("What is it?"), (prose("It is this."),)), Fold(both("And that?"), (prose("It is that."),)))
    single = question("one", "door", "single", ("The wrong door", False), ("The right door", True))
    several = question("one", "signs", "multiple", ("Rain", True), ("Sun", False), ("Wind", True))
    truth = question("one", "truth", "true-false", ("True", True), ("False", False))
    return module(
        "one",
        1,
        page("one", "start", Prose(told), Callout("note", None, (prose("Note this."),)), Accordion(folds)),
        page("one", "ask", prose("Answer these."), single, several, Callout("caution", both("Mind"), (truth,))),
        page("one", "think", prose("Now write."), reflect("one", "work")),
        terms=(Term("duty", Text("duty", "dyletswydd"), Text("What must be done.", "Yr hyn y mae’n rhaid ei wneud.")),),
    )


def sharing() -> Module:
    """The same, with a reflection that may be sent to the programme lead."""
    made = first()
    *pages, last = made.pages
    *told, piece = last.parts
    sent = replace(piece, shared_as=f"{made.iri}/reflections/work")  # type: ignore[type-var]
    return replace(made, pages=(*pages, replace(last, parts=(*told, sent))))


def second() -> Module:
    yes = question("two", "yes", "true-false", ("True", True), ("False", False))
    return module("two", 2, page("two", "begin", prose("Read on."), yes), page("two", "end", reflect("two", "rest")))


def course(*modules: Module, **changes: Any) -> Course:
    made = Course(
        id="tiny",
        iri=BASE,
        version="0.1.0",
        title=both("Tiny"),
        summary=both("A tiny course."),
        modules=modules or (first(), second()),
        verbs={name: Verb(f"http://adlnet.gov/expapi/verbs/{name}", both(name)) for name in VERBS},
        types={name: f"http://adlnet.gov/expapi/activities/{name}" for name in ("course", "module", "question")},
        extensions={"version": "https://ktb.vsc.example/x/version", "authority": "https://ktb.vsc.example/x/authority"},
    )
    return replace(made, **changes)


def outline(made: Course, **changes: Any) -> dict[str, Any]:
    """What course.json says of the course."""
    return {**manifest.outline(made, "scorm12"), **changes}


def question_key(name: str) -> str:
    return next(one.key for made in (first(), second()) for one in made.questions() if one.id == name)


def reflect_key(name: str) -> str:
    return next(one.key for made in (first(), second()) for one in made.reflections() if one.id == name)
