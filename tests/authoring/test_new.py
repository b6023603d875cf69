"""ktb new: what it makes builds at once, it adds without disturbing, and it never writes over anything."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hatchling.builders.wheel import WheelBuilder

from authoring.blocks import every_block
from authoring.check import check
from authoring.cli import main
from authoring.load import load
from authoring.markdown import WORDS
from authoring.new.additions import KINDS
from authoring.new.course import STARTER
from authoring.new.files import write
from authoring.source import read
from authoring.yaml12 import read_yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture
def ktb(tmp_path, monkeypatch):
    """Runs ktb in an empty folder."""
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(*arguments):
        result = CliRunner().invoke(main, list(map(str, arguments)))
        assert not result.exception or isinstance(result.exception, SystemExit), result.output
        return result

    run.folder = folder
    return run


def tree(folder):
    """Every file below a folder with its bytes."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def errors(folder):
    return [str(one) for one in check(folder, date(2026, 11, 21)) if one.severity == "error"]


def test_a_new_course_is_clean_and_builds_without_another_word(ktb):
    made = ktb("new", "course", "x")
    assert made.exit_code == 0 and "ktb build courses/x" in made.output
    assert ktb("check", "--strict").exit_code == 0, ktb("check").output
    built = ktb("build")
    assert built.exit_code == 0, built.output
    assert (ktb.folder / "build/x/scorm12/x-0.1.0.zip").is_file()


def test_every_command_finds_the_course_one_stands_in(ktb, monkeypatch):
    ktb("new", "course", "x")
    monkeypatch.chdir(ktb.folder / "courses/x")
    assert ktb("check").output.endswith(": no errors, no warnings.\n")


def test_a_new_course_has_its_own_name_titles_and_address(ktb):
    ktb("new", "course", "north", "--title-en", 'The "North": why?', "--title-cy", "Y Gogledd \\ pam?")
    course = load(ktb.folder / "courses/north")
    assert (course.id, course.iri) == ("north", "https://courses.example/north")
    assert course.title == ('The "North": why?', "Y Gogledd \\ pam?")
    assert (ktb.folder / "courses/north/course.yml").read_text("utf-8").count("\n# ") > 5


def test_a_new_course_shows_every_block_in_both_languages():
    used = {"en": set(), "cy": set()}
    for file in read(STARTER).files():
        for page in file.pages:
            used[file.language] |= {block.word for block in every_block(page.parts)}
    explained = {
        language: "\n".join(path.read_text("utf-8") for path in STARTER.glob(f"*.{language}.md")) for language in used
    }
    missing = {
        word
        for word, name in WORDS.items()
        if not any(word in used[language] or f"`{word}`" in explained[language] for language in used)
    }
    assert missing == set()
    assert {WORDS[word] for word in used["en"]} == {WORDS[word] for word in used["cy"]}


def test_the_files_of_a_new_course_tell_editors_their_schema(ktb):
    ktb("new", "course", "x")
    folder = ktb.folder / "courses/x"
    for path in folder.glob("*.yml"):
        first = path.read_text("utf-8").partition("\n")[0]
        assert first == f"# yaml-language-server: $schema=.schemas/{path.stem}.json"
        assert (folder / ".schemas" / f"{path.stem}.json").is_file()


def test_a_course_that_is_there_is_not_touched(ktb):
    ktb("new", "course", "x")
    before = tree(ktb.folder)
    again = ktb("new", "course", "x", "--title-en", "", "--title-cy", "a\nb")
    assert again.exit_code == 1
    assert again.output == (
        "courses/x is there already; nothing in it was touched.\n--title-en must be words on one line.\n"
        "--title-cy must be words on one line.\nNothing was written.\n"
    )
    assert tree(ktb.folder) == before


@pytest.mark.parametrize(
    ("name", "hint"), [("My Course", "Try my-course."), ("../x", "Try x."), ("ŵ", ""), ("s-one", ""), ("x/../../y", "")]
)
def test_a_name_that_cannot_be_one_is_told_with_one_that_can(ktb, name, hint):
    said = ktb("new", "course", name)
    assert said.exit_code == 1 and "is no name for a course" in said.output and hint in said.output
    assert tree(ktb.folder.parent) == {}


def test_a_course_is_not_begun_inside_another(ktb, monkeypatch):
    ktb("new", "course", "x")
    monkeypatch.chdir(ktb.folder / "courses/x")
    assert ktb("new", "course", "y").exit_code == 2
    assert not (ktb.folder / "courses/x/courses").exists()


def test_a_disk_that_fails_leaves_nothing_behind(ktb, monkeypatch):
    real, calls = os.replace, []

    def fail_at_the_fifth(part, path):
        calls.append(path)
        if len(calls) == 5:
            raise OSError(28, "No space left on device")
        real(part, path)

    monkeypatch.setattr(os, "replace", fail_at_the_fifth)
    said = ktb("new", "course", "x")
    assert said.exit_code == 1 and said.output == "The course could not be written: No space left on device.\n"
    assert tree(ktb.folder) == {}


def test_a_file_that_came_in_between_is_not_written_over(tmp_path):
    """Two who begin the same thing at once both find the name free; the second is refused when it writes."""
    first, second, old = tmp_path / "a", tmp_path / "b", tmp_path / "old"
    second.write_text("theirs", "utf-8")
    old.write_text("before", "utf-8")
    with pytest.raises(FileExistsError):
        write({first: b"ours", second: b"ours"}, {old: b"after"})
    assert tree(tmp_path) == {Path("b"): b"theirs", Path("old"): b"before"}


@pytest.fixture
def grown(ktb, whole):
    """The tiny course ``whole`` as the only one below courses/."""
    (ktb.folder / "courses").mkdir()
    return whole.rename(ktb.folder / "courses/whole")


def test_a_new_module_stands_last_and_changes_nothing_else(ktb, grown):
    before = tree(grown)
    made = ktb("new", "module", "third", "--title-en", "Third: sugar", "--title-cy", "Trydydd")
    assert made.exit_code == 0, made.output
    after = tree(grown)
    assert {str(path) for path in after.keys() - before.keys()} == {"03-third.en.md", "03-third.cy.md"}
    assert {str(path) for path in before if before[path] != after[path]} == {"course.yml"}
    assert errors(grown) == []
    course = load(grown)
    assert [module.id for module in course.modules] == ["first", "second", "third"]
    assert course.modules[2].title == ("Third: sugar", "Trydydd")


@pytest.mark.parametrize(
    ("modules", "becomes"),
    [
        ("modules: [first, second]\n", "modules: [first, second, third]\n"),
        ("modules: [first, 'second' ] # all\n", "modules: [first, 'second', third ] # all\n"),
        ("modules:\n- first\n- second\n", "modules:\n- first\n- second\n- third\n"),
        (
            'modules:\n    - first\n    - "second"  # the last\n\n# after\n',
            'modules:\n    - first\n    - "second"  # the last\n    - third\n\n# after\n',
        ),
        ("modules: [first,\n  second]\n", "modules: [first,\n  second, third]\n"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_list_of_modules_grows_in_the_form_it_has(ktb, grown, modules, becomes, end):
    path = grown / "course.yml"
    text = path.read_text("utf-8")
    path.write_bytes(text.replace("modules: [first, second]\n", modules).replace("\n", end).encode())
    assert ktb("new", "module", "third").exit_code == 0
    assert path.read_bytes() == text.replace("modules: [first, second]\n", becomes).replace("\n", end).encode()
    assert errors(grown) == []


def test_everything_that_stops_a_module_is_told_at_once(ktb, grown):
    before = tree(grown)
    said = ktb("new", "module", "first", "--title-cy", " ")
    assert said.exit_code == 1
    assert said.output.splitlines() == [
        "course.yml names a module “first” already.", "--title-cy must be words on one line.", "Nothing was written.",
    ]  # fmt: skip
    assert ktb("new", "module", "Third!").exit_code == 1
    assert ktb("new", "module", "index").exit_code == 1
    grown.joinpath("course.yml").write_text("modules: [", "utf-8")
    assert "course.yml has no list of modules" in ktb("new", "module", "third").output
    grown.joinpath("course.yml").write_bytes(before[next(path for path in before if path.name == "course.yml")])
    assert tree(grown) == before


def test_a_module_that_is_there_but_not_listed_is_not_made_again(ktb, grown):
    path = grown / "course.yml"
    path.write_text(path.read_text("utf-8").replace("[first, second]", "[first]"), "utf-8")
    assert ktb("new", "module", "second").output.startswith("The module “second” is there already, in 02-second.en.md.")


def test_a_course_of_one_of_several_is_named_first(ktb, grown):
    shutil.copytree(grown, grown.with_name("other"))
    assert ktb("new", "module", "third").exit_code == 2
    assert ktb("new", "module", "courses/other", "third").exit_code == 0
    assert (grown.with_name("other") / "03-third.en.md").is_file() and not (grown / "03-third.en.md").exists()
    assert ktb("new", "module").exit_code == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_question_of_each_kind_is_right_in_both_languages(ktb, grown, kind):
    before = tree(grown)
    made = ktb("new", "question", "second", "added", "--kind", kind)
    assert made.exit_code == 0, made.output
    assert errors(grown) == []
    after = tree(grown)
    assert {str(path) for path in before if before[path] != after[path]} == {"02-second.en.md", "02-second.cy.md"}
    (question,) = [one for one in load(grown).modules[1].questions() if one.id == "added"]
    assert question.kind == kind
    assert load(grown).modules[1].pages[-1].questions()[-1].id == "added"


def test_a_question_stands_at_the_end_of_the_page_named_and_lines_stay_as_they_were(ktb, grown):
    page = load(grown).modules[0].pages[0].id
    files = [grown / f"01-first.{language}.md" for language in ("en", "cy")]
    for path in files:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = [path.read_bytes() for path in files]
    assert ktb("new", "question", "courses/whole", "first", "added", "--page", page).exit_code == 0
    assert load(grown).modules[0].pages[0].questions()[-1].id == "added"
    assert errors(grown) == []
    for path, old in zip(files, before, strict=True):
        new = path.read_bytes()
        assert b"\n" not in new.replace(b"\r\n", b"")
        kept = next(at for at in range(len(old)) if old[at] != new[at])
        assert new.endswith(old[kept:].lstrip())


def test_everything_that_stops_a_question_is_told_at_once(ktb, grown):
    before = tree(grown)
    said = ktb("new", "question", "first", "Wrong", "--page", "nowhere")
    assert said.exit_code == 1
    assert [line.partition(".")[0] for line in said.output.splitlines()] == [
        "01-first", "01-first", "“Wrong” is no id for a question", "Nothing was written",
    ]  # fmt: skip
    assert "Did you mean “second”?" in ktb("new", "question", "secnd", "added").output
    taken = load(grown).modules[1].questions()[0].id
    assert f"has something called “{taken}” already" in ktb("new", "question", "second", taken).output
    assert tree(grown) == before


def test_a_file_with_faults_is_mended_before_a_question_is_added(ktb, grown):
    path = grown / "02-second.en.md"
    path.write_text(path.read_text("utf-8") + "\n::: note\nNever closed.\n", "utf-8")
    before = tree(grown)
    said = ktb("new", "question", "second", "added")
    assert "First mend what ktb check says of 02-second.en.md." in said.output and tree(grown) == before


def test_a_question_is_not_put_where_it_would_be_read_as_something_else(ktb, grown):
    path = grown / "02-second.cy.md"
    path.write_text(path.read_text("utf-8") + "\n```\nA code block that never ends\n", "utf-8")
    before = tree(grown)
    said = ktb("new", "question", "second", "added")
    assert said.exit_code == 1 and "02-second.cy.md leaves no place for a question" in said.output
    assert tree(grown) == before


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"modules: first\n", b"modules: []\n"])
def test_a_course_without_a_list_of_modules_gets_no_module(ktb, grown, content):
    path = grown / "course.yml"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    before = tree(grown)
    said = ktb("new", "module", grown, "third")
    assert said.exit_code == 1 and "course.yml has no list of modules" in said.output
    assert tree(grown) == before


def test_the_wheel_carries_everything_that_is_copied_or_read():
    wheel = WheelBuilder(str(ROOT))
    carried = {file.distribution_path for file in wheel.recurse_included_files()}
    needed = [*STARTER.parent.rglob("*.*"), ROOT / "authoring/rules.md", *(ROOT / "authoring/schemas").glob("*.json")]
    files = {path.relative_to(ROOT).as_posix() for path in needed if path.is_file() and path.suffix != ".pyc"}
    assert len(files) > 30 and files - carried == set()


def test_the_starter_names_the_english_its_welsh_was_made_from():
    source = read(STARTER)
    recorded = read_yaml((STARTER / "translations.yml").read_text("utf-8"), "translations.yml").value
    for file in source.files():
        if file.language == "en":
            assert {page.id: file.page_hash(page) for page in file.pages} == {
                page: entry["from"] for page, entry in recorded[file.id].items()
            }, "run: ktb translate accept authoring/new/starter"
