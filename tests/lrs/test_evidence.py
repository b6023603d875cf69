"""Evidence: which statements become rows of it, and what the rows say."""

import pytest

VERBS = "http://adlnet.gov/expapi/verbs/"
COURSE = "https://ktb.vsc.example/knowing-the-business"


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("initialized", "started"),
        ("terminated", "left"),
        ("completed", "completed"),
        ("passed", "passed"),
        ("failed", "failed"),
    ],
)
def test_the_courses_verbs_become_kinds(xapi, course, statement, rows, verb, kind):
    xapi.post(statement(verb={"id": VERBS + verb}))
    assert rows("SELECT course, module, kind FROM evidence") == [("knowing-the-business", "safeguarding", kind)]


def test_a_row_says_all_that_readiness_asks(xapi, course, statement, rows):
    extensions = {COURSE + "/extensions/version": "0.1.0", COURSE + "/extensions/authority": "W06000002"}
    sent = statement(context={"language": "cy", "extensions": extensions})
    xapi.post(sent)
    columns = "statement, language, version, authority, grade, source, voided_at, timestamp / 1000000"
    expected = (sent["id"], "cy", "0.1.0", "W06000002", "confirmed", "Test", None, 1793609940)
    assert rows(f"SELECT {columns} FROM evidence") == [expected]
    assert rows("SELECT a.ifi FROM evidence e JOIN actors a ON a.id = e.actor") == [
        ("account|https://lms.example|1234",)
    ]


def test_a_trusted_key_verifies(xapi_as, key, course, statement, rows):
    xapi_as(key("all", trusted=True)).post(statement())
    assert rows("SELECT grade FROM evidence") == [("verified",)]


def test_the_course_itself_stands_for_all_its_modules(xapi, course, statement, rows):
    xapi.post(statement(object={"id": COURSE}))
    assert rows("SELECT module FROM evidence") == [(None,)]


CMI5 = {"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"}


@pytest.mark.parametrize(
    ("grouping", "module"),
    [
        ([{"id": COURSE}, {"id": COURSE + "/modules/safeguarding"}], "safeguarding"),
        ([{"id": "https://lms.example/course"}, {"id": COURSE}], None),
    ],
)
def test_a_unit_of_cmi5_is_known_by_its_publishers_id_whatever_the_lms_calls_it(
    xapi, course, statement, rows, grouping, module
):
    around = {"category": [CMI5], "grouping": grouping}
    xapi.post(statement(object={"id": "https://lms.example/unit/7"}, context={"contextActivities": around}))
    assert rows("SELECT module, kind FROM evidence") == [(module, "completed")]


def test_what_stands_in_the_grouping_of_other_statements_is_not_what_they_are_about(xapi, course, statement, rows):
    around = {"grouping": [{"id": COURSE + "/modules/safeguarding"}]}
    xapi.post(statement(object={"id": "https://lms.example/unit/7"}, context={"contextActivities": around}))
    other = {"category": [CMI5], "grouping": [{"id": "https://lms.example/course"}]}
    xapi.post(statement(object={"id": "https://lms.example/unit/7"}, context={"contextActivities": other}))
    assert rows("SELECT 1 FROM evidence") == []


def test_the_object_comes_before_what_it_is_grouped_in(xapi, course, statement, rows):
    around = {"category": [CMI5], "grouping": [{"id": COURSE + "/modules/safeguarding"}]}
    xapi.post(statement(object={"id": COURSE}, context={"contextActivities": around}))
    assert rows("SELECT module FROM evidence") == [(None,)]


@pytest.mark.parametrize(
    "changes",
    [
        {"verb": {"id": VERBS + "answered"}},
        {"verb": {"id": VERBS + "experienced"}},
        {"object": {"id": COURSE + "/modules/safeguarding/questions/doors"}},
        {"object": {"id": "https://elsewhere.example/course"}},
        {"object": {"objectType": "Agent", "mbox": "mailto:a@b.example"}},
        {"actor": {"objectType": "Group", "member": [{"mbox": "mailto:a@b.example"}]}},
        {"actor": {"objectType": "Group", "mbox": "mailto:group@b.example"}},
        {"result": {"completion": False}},
        {"verb": {"id": VERBS + "passed"}, "result": {"success": False}},
    ],
)
def test_what_is_no_evidence(xapi, course, statement, rows, changes):
    assert xapi.post(statement(**changes)).status_code == 200
    assert rows("SELECT count(*) FROM evidence") == [(0,)]


@pytest.mark.parametrize("strange", [{"a": 1}, 7, "x" * 500, "a\x00b", None, ""])
def test_extensions_that_are_not_ours_do_no_harm(xapi, course, statement, rows, strange):
    extensions = {COURSE + "/extensions/version": strange, COURSE + "/extensions/authority": strange}
    assert xapi.post(statement(context={"extensions": extensions})).status_code == 200
    assert rows("SELECT version IS NULL OR version = '', kind FROM evidence") == [(1, "completed")]


def test_a_replay_adds_no_evidence(xapi, course, statement, rows):
    sent = statement()
    xapi.post(sent)
    xapi.post([sent, statement()])
    assert rows("SELECT count(*) FROM evidence") == [(2,)]


def test_without_the_course_nothing_is_evidence(xapi, statement, rows):
    assert xapi.post(statement()).status_code == 200
    assert rows("SELECT count(*) FROM evidence") == [(0,)]
