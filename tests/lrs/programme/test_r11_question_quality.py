"""R11: how questions do, from answers of which nobody can say whose they were."""

import csv
import io
import json
import uuid

import pytest

from lrs.rules.questions import quality, questions_of
from lrs.storage import courses
from lrs.storage.answers import answers_given
from lrs.storage.database import reading, writing
from lrs.storage.statements import Sender, store

AUTHORITY = {"objectType": "Agent", "account": {"homePage": "https://lms.council.example", "name": "authority"}}
ANSWERED = "http://adlnet.gov/expapi/verbs/answered"
WHERE = "/courses/tiny/questions"
MODE = "https://w3id.org/xapi/cmi5/context/extensions/launchmode"
KINDS = {
    "doors": {"type": "single", "options": ["1", "2", "3"], "right": ["2"]},
    "signs": {"type": "multiple", "options": ["1", "2", "3"], "right": ["1", "3"]},
    "law": {"type": "true-false", "options": ["1", "2"], "right": ["2"], "true": "1"},
    "sure": {"type": "scale", "options": ["1", "2", "3"], "right": []},
    "year": {"type": "number", "options": [], "right": []},
    "steps": {"type": "order", "options": ["1", "2", "3"], "right": ["1", "2", "3"]},
}


@pytest.fixture
def kind():
    return "sqlite"


@pytest.fixture
def asked(filled, outline):
    """The residential's course, with questions that say where they stand."""
    course = outline(3)
    course["verbs"] |= {"answered": {"id": ANSWERED, "display": {"en-GB": "answered"}}}
    module = course["modules"][0]
    module["questions"] = [
        {
            "id": name, "iri": f"{module['iri']}/questions/{name}", **facts,
            "title": {"en": f"Which {name}?", "cy": f"Pa {name}?"},
            "source": {"en": f"01-m1.en.md:{line}", "cy": f"01-m1.cy.md:{line}"},
        }
        for line, (name, facts) in enumerate(KINDS.items(), 40)
    ]  # fmt: skip
    with writing(filled.engine) as connection:
        courses.register(connection, course, filled.clock.now)
    return filled


def answer(question, response, right=None, version="1.0.0", who="somebody@council.example", **extensions):
    result = {"response": response} | ({} if right is None else {"success": right})
    return {
        "id": str(uuid.uuid4()),
        "actor": {"objectType": "Agent", "mbox": f"mailto:{who}"},
        "verb": {"id": ANSWERED},
        "object": {"objectType": "Activity", "id": f"https://course.example/tiny/modules/m1/questions/{question}"},
        "result": result,
        "context": {"extensions": {"https://course.example/tiny/v": version, **extensions}},
    }


def put(asked, *statements):
    with writing(asked.engine) as connection:
        store(connection, list(statements), Sender(AUTHORITY, "an LMS", "asserted"), asked.clock.now)


def given(asked, version="1.0.0"):
    with reading(asked.engine) as connection:
        return [(one.question.rpartition("/")[2], *one[1:]) for one in answers_given(connection, "tiny", version)]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_r11_answers_are_counted_when_they_are_stored_and_by_nobodys_name(asked, kind):
    first = answer("doors", "1", False)
    put(asked, first, answer("doors", "2", True), answer("doors", "2", True))
    put(asked, first, answer("doors", "2", True), answer("signs", "3[,]1", True))  # the first is known already
    assert given(asked) == [("doors", "1", False, 1), ("doors", "2", True, 3), ("signs", "1[,]3", True, 1)]
    with reading(asked.engine) as connection:
        rows = [list(row) for row in connection.exec_driver_sql("SELECT * FROM answers")]
    assert "somebody" not in json.dumps(rows)


def test_r11_what_somebody_typed_is_not_kept_nor_what_is_no_option(asked):
    put(
        asked,
        answer("year", "My name is Mari", False),
        answer("doors", "Mari", False),
        answer("doors", "2" * 300, False),
        answer("sure", "3"),
        answer("steps", "3[,]1[,]2", False),
    )
    assert given(asked) == [
        ("doors", "", False, 2), ("steps", "", False, 1), ("sure", "3", False, 1), ("year", "", False, 1),
    ]  # fmt: skip


def test_r11_looking_round_is_not_answering(asked):
    put(asked, answer("doors", "1", False, **{MODE: "Browse"}), answer("nowhere", "1", False))
    put(asked, answer("doors", "1", True) | {"verb": {"id": "http://adlnet.gov/expapi/verbs/attempted"}})
    put(asked, answer("doors", "1"))
    group = answer("doors", "1", True) | {"object": {"objectType": "Agent", "mbox": "mailto:a@b.example"}}
    put(asked, group)
    assert given(asked) == []


def test_r11_an_answer_that_was_voided_before_it_came_is_not_counted(asked):
    late = answer("doors", "1", False)
    void = late | {
        "id": str(uuid.uuid4()),
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": late["id"]},
        "result": {},
        "context": {},
    }
    put(asked, void)
    put(asked, late)
    assert given(asked) == []


def told(outline_of, question, rows):
    asked = questions_of(outline_of).asked[f"https://course.example/tiny/modules/m1/questions/{question}"]
    return quality(asked, rows)


@pytest.fixture
def course(asked):
    with reading(asked.engine) as connection:
        return json.loads(connection.exec_driver_sql("SELECT outline FROM courses").scalar())


def test_r11_nothing_is_told_under_five_answers(course):
    assert told(course, "doors", [("1", False, 4)])[1:] == (4, None, (), (), False)
    assert told(course, "doors", [("1", False, 5)]).right == 0


def test_r11_what_most_get_wrong_and_what_nobody_chooses_is_flagged(course):
    found = told(course, "doors", [("1", False, 15), ("2", True, 5)])
    assert (found.right, found.hard, found.unchosen) == (0.25, True, ("3",))
    assert [(one.option, one.right, one.share) for one in found.shares] == [
        ("1", False, 0.75), ("2", True, 0.25), ("3", False, 0.0),
    ]  # fmt: skip
    few = told(course, "doors", [("1", False, 9), ("2", True, 10)])
    assert (few.hard, few.unchosen) == (False, ())
    both = told(course, "signs", [("1[,]3", True, 10), ("1", False, 10)])
    assert [one.share for one in both.shares] == [1.0, 0.0, 0.5]
    scale = told(course, "sure", [("1", False, 25)])
    assert (scale.right, scale.hard, scale.unchosen) == (None, False, ("2", "3"))
    assert [one.option for one in told(course, "law", [("true", False, 5)]).shares] == ["true", "false"]


def test_r11_each_question_is_told_with_its_file_and_line_the_hardest_first(asked, lead, page):
    put(asked, *(answer("doors", "1", False) for _ in range(20)), *(answer("law", "false", True) for _ in range(5)))
    put(asked, *(answer("signs", "1", False) for _ in range(4)), *(answer("sure", "3") for _ in range(5)))
    shown = page(lead.get(WHERE))
    assert [one.text for one in shown.findall(".//tbody/tr/th/strong")] == ["Which doors?", "Which law?", "Which sure?"]
    assert [one.text for one in shown.findall(".//tbody//code")] == [
        "01-m1.en.md:40",
        "01-m1.en.md:42",
        "01-m1.en.md:43",
    ]
    text = lead.get(WHERE).text
    assert "Most get this wrong. Nobody chooses: Answer 2, Answer 3." in text
    assert "3 more have too few answers." in text
    rows = list(csv.DictReader(io.StringIO(lead.get(WHERE + ".csv").text.lstrip("\ufeff"))))
    assert rows[0]["In the source"] == "01-m1.en.md:40"
    assert rows[0]["Right, per cent"] == "0"
    assert rows[1]["What was answered"] == "True: 0%; False: 100% (right)"
    assert lead.get(WHERE + ".xlsx").data.startswith(b"PK")


def test_r11_versions_are_told_apart_the_newest_first(asked, lead):
    put(asked, *(answer("doors", "1", False, "1.9.0") for _ in range(6)))
    put(asked, *(answer("doors", "2", True, "1.10.0") for _ in range(7)))
    assert "version 1.10.0" in lead.get(WHERE).text
    assert "version 1.9.0" in lead.get(WHERE + "?version=1.9.0").text
    assert "version 1.10.0" in lead.get(WHERE + "?version=none").text


def test_r11_a_course_without_answers_says_why(asked, lead, page):
    answer = lead.get(WHERE)
    page(answer)
    assert "interactions: true" in answer.text
    assert lead.get("/courses/nothing/questions").status_code == 404
