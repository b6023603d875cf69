"""The mutations: each can be read, and the runner takes nothing for killed that is not."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import mutants
from mutants import CONTROL, Mutation, NotFoundOnce, mutated, outcome, read

HERE = Path(__file__).parent
FLIPPED = Mutation("flipped", "sum.py", "+", "-", ("test_sum.py::test_sum",), "Sums add.")


@pytest.fixture
def tree(tmp_path):
    """A tree of one function and its tests, of which one would notice nothing."""
    folder = tmp_path / "tree"
    (folder / Path(CONTROL).parent).mkdir(parents=True)
    (folder / CONTROL).write_text("import sum\n\ndef test_it_is_there():\n    assert sum.add\n")
    (folder / "sum.py").write_text("def add(one, other):\n    return one + other\n")
    (folder / "test_sum.py").write_text(
        "import pytest\nimport sum\n\n@pytest.mark.parametrize('one', [0, 2])\ndef test_sum(one):\n"
        "    assert sum.add(one, 2) == one + 2\n\ndef test_nothing():\n    assert sum.add(2, 0) == 2\n"
    )
    return folder


def test_a_mutation_is_there_for_the_length_of_its_block(tree):
    whole = (tree / "sum.py").read_text()
    with mutated(tree, FLIPPED):
        assert (tree / "sum.py").read_text() == whole.replace("+", "-")
    assert (tree / "sum.py").read_text() == whole


@pytest.mark.parametrize("find", ["nowhere", "o"])
def test_a_text_that_is_not_there_once_is_refused(tree, find):
    with pytest.raises(NotFoundOnce), mutated(tree, FLIPPED._replace(find=find)):
        pass
    assert "not tried" in mutants.tried(tree, FLIPPED._replace(find=find)).outcome


def test_only_what_turns_red_is_killed(tree):
    both = FLIPPED._replace(red=(*FLIPPED.red, "test_sum.py::test_nothing"))
    assert mutants.tried(tree, both).outcome == "SURVIVES test_nothing"
    gone = FLIPPED._replace(red=("test_sum.py::test_that_is_gone",))
    assert mutants.tried(tree, gone).outcome == "not tried: pytest could not run"


@pytest.mark.parametrize(
    ("red", "good"),
    [({"test_sum.py::test_sum"}, True), (set(), False), ({CONTROL, "test_sum.py::test_sum"}, False), (None, False)],
)
def test_only_its_own_tests_count(red, good):
    assert (outcome(FLIPPED, red) == "killed") == good


def test_every_mutation_of_the_list_names_what_is_there():
    found = read(HERE / "mutations.yml")
    assert len(found) >= 30
    for one in found:
        text = (mutants.ROOT / one.file).read_text("utf-8")
        assert text.count(one.find) == 1 and one.why.endswith(".") and one.find != one.put, one.name
        for test in one.red:
            path, _, name = test.partition("::")
            assert f"def {name}(" in (mutants.ROOT / path).read_text("utf-8"), f"{one.name}: {test}"


def test_a_list_that_cannot_be_tried_is_refused(tmp_path):
    path = tmp_path / "mutations.yml"
    path.write_text("idle: {file: a, find: x, put: x, red: [t], why: No change.}\n")
    with pytest.raises(ValueError, match="idle"):
        read(path)
