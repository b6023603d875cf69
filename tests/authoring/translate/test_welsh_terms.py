"""Whether a Welsh page has the agreed Welsh term, whatever a mutation or an ending has made of its words."""

from datetime import date
from pathlib import Path

import pytest

from authoring.check import check
from authoring.checks.mutations import akin, mutations, radicals, shape, stems

COURSE = Path(__file__).parents[3] / "courses" / "knowing-the-business"
HEAD = "---\nid: second\ntitle: {}\nsummary: S\nminutes: 5\noutcomes:\n  - {{text: O}}\n---\n\n## {} {{#milk}}\n\n{}\n"
TERMS = {
    "officer": ("Monitoring Officer", "Swyddog Monitro"),
    "governing-body": ("governing body", "corff llywodraethu"),
    "wlga": ("Welsh Local Government Association (WLGA)", "Cymdeithas Llywodraeth Leol Cymru (CLlLC)"),
    "adew": ("Association of Directors of Education in Wales (ADEW)", "Cymdeithas Cyfarwyddwyr Addysg Cymru"),
    "the-standard": ("the Standard", "y Safon"),
    "care": ("needs for care and support", "anghenion am ofal a chymorth"),
    "portfolio": ("professional development portfolio", "portffolio datblygiad proffesiynol"),
    "team": ("youth offending team", "tîm troseddwyr ifanc"),
    "power": ("power", "pŵer"),
    "adult": ("adult at risk", "oedolyn sy’n wynebu risg"),
    "in-force": ("in force", "mewn grym"),
}


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("cyngor", ["cyngor", "gyngor", "nghyngor", "chyngor"]),
        ("pwyllgor", ["pwyllgor", "bwyllgor", "mhwyllgor", "phwyllgor"]),
        ("tîm", ["tîm", "dîm", "nhîm", "thîm"]),
        ("bwrdd", ["bwrdd", "fwrdd", "mwrdd"]),
        ("deddf", ["deddf", "ddeddf", "neddf"]),
        ("gwasanaeth", ["gwasanaeth", "wasanaeth", "ngwasanaeth"]),
        ("mesur", ["mesur", "fesur"]),
        ("llywodraeth", ["llywodraeth", "lywodraeth"]),
        ("rheoliad", ["rheoliad", "reoliad"]),
        ("addysg", ["addysg", "haddysg"]),
        ("ŵyn", ["ŵyn", "hŵyn"]),
        ("safon", ["safon"]), ("ffaith", ["ffaith"]), ("chwarter", ["chwarter"]), ("thema", ["thema"]),
    ],
)  # fmt: skip
def test_each_mutation_is_known_and_undone(word, forms):
    assert mutations(word) == forms
    assert [form for form in forms if word not in radicals(form)] == []


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("corff", "cyrff gyrff chyrff nghorff"), ("oedolyn", "oedolion hoedolion"), ("plentyn", "plant blant"),
        ("tîm", "timau dimau thimau"), ("her", "herio heriau"), ("partner", "partneriaid bartner"),
        ("gofal", "ofal gofalu"), ("ofal", "gofal ngofal"), ("cynghorydd", "cynghorwyr gynghorwyr"),
        ("mater", "materion faterion"), ("awdurdod", "awdurdodau hawdurdod"), ("swyddog", "swyddogion"),
    ],
)  # fmt: skip
def test_inflected_words_are_of_one_family(word, forms):
    assert [form for form in forms.split() if not akin(shape(form), stems(word))] == []


@pytest.mark.parametrize(
    ("word", "other"),
    [("corff", "cwmni"), ("swyddog", "rheolwr"), ("gofal", "cymorth"), ("tîm", "grŵp"), ("addysg", "dysg")],
)
def test_other_words_are_not(word, other):
    assert not akin(shape(other), stems(word))


@pytest.fixture
def said(whole):
    """What the rule says of one page in each language."""

    def of(english, welsh):
        glossary = "".join(
            f'{id}:\n  en: {{term: "{en}", meaning: M.}}\n  cy: {{term: "{cy}", meaning: Y.}}\n'
            for id, (en, cy) in {**TERMS, "kettle": ("kettle", "tegell"), "cup": ("Cup", "Cwpan")}.items()
        )
        (whole / "glossary.yml").write_text(glossary, "utf-8")
        (whole / "02-second.en.md").write_text(HEAD.format("Milk", "Milk", english), "utf-8")
        (whole / "02-second.cy.md").write_text(HEAD.format("Llaeth", "Llaeth", welsh), "utf-8")
        found = [one for one in check(whole, date(2026, 11, 21)) if one.rule == "welsh-term"]
        return [f"{one.line}:{one.column} {one.message}" for one in found]

    return of


@pytest.mark.parametrize(
    ("english", "welsh"),
    [
        ("Ask the [Monitoring Officer](term:officer).", "Holwch y [Swyddog Monitro](term:officer)."),
        ("Ask the [Monitoring Officer](term:officer).", "Holwch [Swyddog Fonitro](term:officer)."),
        ("Ask the [monitoring officers](term:officer).", "Holwch y [swyddogion monitro](term:officer)."),
        ("The [governing body](term:governing-body) meets.", "Mae [cyrff llywodraethu](term:governing-body)’n cwrdd."),
        ("The [WLGA](term:wlga) meets.", "Mae [CLlLC](term:wlga) yn cwrdd."),
        ("The [WLGA](term:wlga) meets.", "Mae’r [WLGA](term:wlga) yn cwrdd."),
        ("It was raised at [ADEW](term:adew).", "Fe’i codwyd yn [ADEW](term:adew)."),
        ("See [the Standard](term:the-standard).", "Gweler [y Safon](term:the-standard)."),
        ("See [the Standard](term:the-standard).", "Gweler [Safon](term:the-standard)."),
        ("Keep a [portfolio](term:portfolio).", "Cadwch [bortffolio](term:portfolio)."),
        ("A child’s needs for care and support.", "Anghenion plentyn am ofal a chymorth."),
        ("The youth offending teams met.", "Cyfarfu’r timau troseddwyr ifanc."),
        ("The **youth offending** team met.", "Cyfarfu *tîm* troseddwyr ifanc."),
        ("Ask adults at risk.", "Gofynnwch i rai."),
        ("Ask an [adult at risk](term:adult).", "Holwch [oedolion sy’n wynebu risg](term:adult)."),
        # One word alone has senses of its own, and so have words that only point to a term.
        ("Power to the people, in force.", "Nerth i’r bobl, â grym."),
        ("Ask [her](term:officer).", "Gofynnwch [iddi hi](term:officer)."),
        ("See [it](02-second.en.md) and `youth-offending-team`.", "Gweler [ef](02-second.cy.md) a `chod`."),
    ],
)  # fmt: skip
def test_the_agreed_term_in_any_of_its_forms_is_silent(said, english, welsh):
    assert said(english, welsh) == []


@pytest.mark.parametrize(
    ("english", "welsh", "expected"),
    [
        (
            "Ask the [Monitoring Officer](term:officer).", "Holwch y [rheolwr](term:officer).",
            "12:10 “rheolwr” is linked here; the agreed term is “Swyddog Monitro”.",
        ),
        (
            "Ask the [Monitoring Officer](term:officer).", "Holwch y [swyddog](term:officer).",
            "12:10 “swyddog” is linked here; the agreed term is “Swyddog Monitro”.",
        ),
        (
            "Ask the [officer](term:officer).", "Holwch y [rheolwr](term:officer).",
            "12:10 “rheolwr” is linked here; the agreed term is “Swyddog Monitro”.",
        ),
        (
            "Ask the [Monitoring Officer](term:officer).", "Gofynnwch i’r rheolwr.",
            "10:1 English has “monitoring officer” (02-second.en.md:12); this page has no “Swyddog Monitro”.",
        ),
        (
            "Tea.\n\nThe youth offending team met.", "Te.\n\nCyfarfu’r tîm ieuenctid.",
            "10:1 English has “youth offending team” (02-second.en.md:14); this page has no “tîm troseddwyr ifanc”.",
        ),
        (
            "[WLGA](term:wlga)", "[Cymdeithas](term:adew)",
            "10:1 English has “wlga” (02-second.en.md:12); this page has no “Cymdeithas Llywodraeth Leol Cymru "
            "(CLlLC)”.",
        ),
    ],
)  # fmt: skip
def test_another_word_for_it_is_told_with_its_place(said, english, welsh, expected):
    assert expected in said(english, welsh)


def test_a_glossary_that_is_broken_says_nothing_of_its_own(said, whole):
    said("a", "b")
    (whole / "glossary.yml").write_text("kettle: {en: {term: [a]}, cy: b}\ncup: 3\n", "utf-8")
    assert [one for one in check(whole, date(2026, 11, 21)) if one.rule == "welsh-term"] == []


def test_the_course_keeps_to_its_glossary():
    assert [str(one) for one in check(COURSE) if one.rule == "welsh-term"] == []
