"""Words that no list knows are told with their place; words of the course's own lists are known in every mutation."""

import sys

import pytest

AFF = "SET UTF-8\nTRY esianrtolcdugmphbyfvkwâêîôûŵŷ\n"
ENGLISH = ["tea", "the", "water", "is", "no", "hiraeth"]
WELSH = ["te", "mae", "dŵr", "yn", "berwi", "cyngor", "gyngor", "gwybodaeth", "a'r"]


STANDARD = "elements:\n  - {id: KS1, en: tea, cy: te}\n"
GLOSSARY = "kettle:\n  en: {term: kettle, meaning: tea}\n  cy: {term: tegell, meaning: te}\n"


@pytest.fixture
def dictionaries(tmp_path):
    """A folder with two small Hunspell dictionaries, laid as npm lays the real ones."""
    folder = tmp_path / "node_modules"
    for name, words in (("dictionary-en-gb", ENGLISH), ("dictionary-cy", WELSH)):
        (folder / name).mkdir(parents=True)
        (folder / name / "index.aff").write_text(AFF, "utf-8")
        (folder / name / "index.dic").write_text(f"{len(words)}\n" + "\n".join(words) + "\n", "utf-8")
    return folder


@pytest.fixture
def course(make, ktb, dictionaries):
    """A course whose one module says what it is given; answers the lines of ktb spelling for it."""

    def spelt(english, welsh, *words, spelling=""):
        front = "---\nid: first\ntitle: tea\nsummary: tea\nminutes: 5\n"
        front += "outcomes:\n  - {{text: tea}}\n---\n\n## tea {{#a}}\n\n{}\n"
        folder = make(
            ("remove", "02-second.en.md", ""), ("remove", "02-second.cy.md", ""),
            ("write", "01-first.en.md", front.format(english)),
            ("write", "01-first.cy.md", front.replace("tea", "te").format(welsh)),
            ("write", "spelling.yml", spelling), ("write", "facts.yml", ""),
            ("write", "standard.yml", STANDARD), ("write", "glossary.yml", GLOSSARY),
            ("edit", "course.yml", "Tea & <biscuits>\n===\ntea\n"), ("edit", "course.yml", "Te a <bisgedi>\n===\nte\n"),
            ("edit", "course.yml", "A course with one of everything.\n===\ntea\n"),
            ("edit", "course.yml", "Cwrs ag un o bopeth.\n===\nte\n"),
        )  # fmt: skip
        result = ktb("spelling", folder, "--dictionaries", dictionaries, *words)
        return result.exit_code, result.output.splitlines()[:-1]

    return spelt


def test_a_word_that_is_not_known_is_told_with_what_may_be_meant(course):
    assert course("The tea.\n\n- is *watter*\n", "Mae gwybodath.") == (
        1,
        [
            "01-first.cy.md:12:5: “gwybodath” is not known. Perhaps “gwybodaeth”?",
            "01-first.en.md:14:7: “watter” is not known. Perhaps “water”?",
        ],
    )


@pytest.mark.parametrize(
    ("english", "welsh"),
    [
        ("tea", "Y gyngor, a’r te’n berwi; dŵr’r."),
        ("The [kettle](term:kettle)’s tea.", "Tegell, degell, nhegell a thegell."),
        ("tea https://www.legislation.test/thing legislation.gov.uk 1989a `kode` <https://a.test>", "te"),
        ("[Nghaerdydd]{lang=cy} {{ authority.name }} ADSS tea-water", "te ADSS"),
        ("Hiraeth tea", "hiraeth Nghaerdydd Caerdydd Caerdydd’r"),
    ],
)
def test_what_is_known_or_no_word_is_silent(course, english, welsh):
    code, lines = course(english, welsh, spelling="cy: [hiraeth, Caerdydd, Y]\n")
    assert (code, lines) == (0, [])


def test_what_stands_around_the_words_is_not_spelt(course):
    english = '::: question #zzz hint="{0}"\n{0}\n\n- (x) {0}\n- ( ) {0}\n:::'
    welsh = english.replace("question", "cwestiwn")
    assert len(course(english.format("zzz"), welsh.format("te"))[1]) == 4


def test_words_that_learners_see_of_the_yaml_files_are_spelt(make, ktb, dictionaries):
    folder = make()
    output = ktb("spelling", folder, "--dictionaries", dictionaries).output
    assert "course.yml:5:11: “course” is not known." in output
    assert "glossary.yml:3:24: “berwi”" not in output
    assert "glossary.yml:3:22: “Pot” is not known." in output
    assert "dechreuwyd" not in output


def test_a_missing_dictionary_says_what_to_install(make, ktb, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = ktb("spelling", make(), "--dictionaries", tmp_path / "none")
    assert result.exit_code == 2
    assert "There is no dictionary for English in" in result.stderr
    assert "npm install dictionary-en-gb dictionary-cy" in result.stderr


def test_a_missing_library_says_what_to_install(make, ktb, dictionaries, monkeypatch):
    monkeypatch.setitem(sys.modules, "spylls", None)
    monkeypatch.setitem(sys.modules, "spylls.hunspell", None)
    result = ktb("spelling", make(), "--dictionaries", dictionaries)
    assert (result.exit_code, result.stderr) == (
        1,
        'This needs spylls.hunspell: pip install "knowing-the-business[spelling]".\n',
    )


def test_a_word_list_of_the_course_that_cannot_be_read_is_told(make, ktb, dictionaries):
    folder = make(("write", "spelling.yml", "[unclosed\n"))
    result = ktb("spelling", folder, "--dictionaries", dictionaries)
    assert result.exit_code == 2
    assert "spelling.yml:1:1: yaml-syntax This is not YAML that can be read" in result.stderr


def test_what_single_councils_say_is_spelt_and_the_names_of_authorities_are_known(councils, ktb, dictionaries):
    page = councils / "overlays" / "gwynedd" / "01-start.en.md"
    text = page.read_text("utf-8").replace("Ring 4321.", "Tea in Caerdydd, Gwynedd and Gwynned.")
    page.write_text(text, "utf-8")
    found = ktb("spelling", councils, "--dictionaries", dictionaries).output
    line = text[: text.index("Tea in")].count("\n") + 1
    assert f"overlays/gwynedd/01-start.en.md:{line}:30: “Gwynned” is not known." in found
    assert "“Gwynedd”" not in found
    assert "“Caerdydd”" not in found


def test_the_names_of_the_standards_elements_are_spelt(make, ktb, dictionaries):
    folder = make(("write", "standard.yml", STANDARD + "  - {id: KS2, en: Watter, cy: Dŵr}\n"))
    output = ktb("spelling", folder, "--dictionaries", dictionaries).output
    assert "standard.yml:3:15: “Watter” is not known." in output
    assert "“Dŵr”" not in output
