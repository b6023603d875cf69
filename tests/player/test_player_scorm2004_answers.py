"""Answers to every kind of question in the forms that the two generations of SCORM ask for."""

import pytest

# Calls the adapter with an API that writes down what it is told.
RUN = """async ({ adapter, name, prefix, question, given, good, lang }) => {
  const told = {};
  const renamed = (object, change) =>
    Object.fromEntries(Object.entries(object).map(([key, value]) => [change(key), value]));
  const set = (at, value) => ((told[at] = value), "true");
  const api = { Initialize: () => "true", GetValue: () => "", SetValue: set, GetLastError: () => "0" };
  window[name] = renamed(api, (key) => prefix + key);
  document.documentElement.lang = lang;
  const { Lms } = await import(`/player/lms/${adapter}.js`);
  await import(`/player/lms/noted${adapter.replace("scorm", "")}.js`);
  const lms = new Lms({});
  lms.open();
  const asked = { key: "abcd", right: [], ...question };
  const taken = lms.answer({ question: asked, given, good, seconds: 65, number: 1, at: new Date(0) });
  return { taken, told: renamed(told, (at) => at.replace("cmi.interactions.0.", "")) };
}"""
ADAPTERS = {"scorm12": ("API", "LMS"), "scorm2004": ("API_1484_11", "")}
BLANKS = [{"en": ["money", "cash"], "cy": ["arian"]}, {"en": ["law"], "cy": ["y gyfraith"]}]
TEN = [str(number) for number in range(1, 12)]

CASES = [
    ("single", {"type": "single", "options": TEN, "right": ["2"]}, ["11"], False,
     ("choice", "b", "2", "wrong"), ("choice", "11", "2", "incorrect")),
    ("multiple", {"type": "multiple", "options": TEN, "right": ["1", "10"]}, ["1", "10"], True,
     ("choice", "1,a", "1,a", "correct"), ("choice", "1[,]10", "1[,]10", "correct")),
    ("true", {"type": "true-false", "options": ["1", "2"], "right": ["2"], "true": "2"}, ["2"], True,
     ("true-false", "t", "t", "correct"), ("true-false", "true", "true", "correct")),
    ("false", {"type": "true-false", "options": ["1", "2"], "right": ["1"], "true": "2"}, ["1"], True,
     ("true-false", "f", "f", "correct"), ("true-false", "false", "false", "correct")),
    ("match", {"type": "match", "options": ["1", "2"], "right": ["1.3", "2.10"]}, ["1.10", "2.3"], False,
     ("matching", "1.a,2.3", "1.3,2.a", "wrong"), ("matching", "1[.]10[,]2[.]3", "1[.]3[,]2[.]10", "incorrect")),
    ("order", {"type": "order", "options": ["1", "2", "3"]}, ["2", "1", "3"], False,
     ("sequencing", "2,1,3", "1,2,3", "wrong"), ("sequencing", "2[,]1[,]3", "1[,]2[,]3", "incorrect")),
    ("fill", {"type": "fill", "options": [], "blanks": BLANKS}, ["cash", "a[,]b"], False,
     ("fill-in", "cash,a[,]b", "money,law", "wrong"),
     ("fill-in", "cash[,]a,b", "{case_matters=false}{order_matters=true}money[,]law", "incorrect")),
    ("number", {"type": "number", "options": [], "number": ["20", "24"]}, ["22,5"], True,
     ("numeric", "22.5", None, "correct"), ("numeric", "22.5", "20[:]24", "correct")),
    ("exact number", {"type": "number", "options": [], "number": ["22", "22"]}, ["21"], False,
     ("numeric", "21", "22", "wrong"), ("numeric", "21", "22[:]22", "incorrect")),
    ("scale", {"type": "scale", "options": ["1", "2", "3"]}, ["3"], None,
     ("likert", "3", None, "neutral"), ("likert", "3", None, "neutral")),
]  # fmt: skip


@pytest.fixture
def answer(context, lms):
    """``answer(adapter, question, given, good)`` -> what the API is told of one answer, by element."""
    page = context.new_page()
    page.goto(f"{lms.origin}/lms/empty.html")

    def told(adapter, question, given, good, lang="en"):
        name, prefix = ADAPTERS[adapter]
        asked = {"adapter": adapter, "name": name, "prefix": prefix, "question": question, "given": given, "good": good}
        found = page.evaluate(RUN, {**asked, "lang": lang})
        assert found["taken"] is True
        return found["told"]

    return told


def said(told, response):
    return tuple(told.get(name) for name in ("type", response, "correct_responses.0.pattern", "result"))


@pytest.mark.parametrize(("name", "question", "given", "good", "old", "new"), CASES, ids=[case[0] for case in CASES])
def test_each_kind_of_answer_has_its_form(name, question, given, good, old, new, answer):
    assert said(answer("scorm12", question, given, good), "student_response") == old
    assert said(answer("scorm2004", question, given, good), "learner_response") == new


def test_times_are_written_as_each_generation_reads_them(answer):
    question = {"type": "single", "options": ["1"], "right": ["1"]}
    old, new = (answer(adapter, question, ["1"], True) for adapter in ADAPTERS)
    assert (old["latency"], new["latency"]) == ("0000:01:05.00", "PT65S")
    assert new["timestamp"] == "1970-01-01T00:00:00.0Z"
    assert (old["id"], new["id"]) == ("abcd-1", "abcd-1")
    assert list(new)[:2] == ["id", "type"]


def test_a_wording_is_that_of_the_language_on_the_screen_and_no_longer_than_allowed(answer):
    question = {"type": "fill", "options": [], "blanks": BLANKS}
    told = answer("scorm2004", question, ["x" * 400, "y"], False, lang="cy")
    assert told["correct_responses.0.pattern"].endswith("arian[,]y gyfraith")
    assert told["learner_response"] == "x" * 250 + "[,]y"
    assert answer("scorm12", question, ["x" * 400, "y"], False)["student_response"] == "x" * 255
