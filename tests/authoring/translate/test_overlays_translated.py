"""What single councils say goes out to a translator, comes back, and is reviewed, as the shared words do."""

from datetime import date

import pytest

from authoring.checks import problems
from authoring.source import read
from authoring.translate.sheet import read_sheet, write_sheet

GWYNEDD = "start@gwynedd"
WELSH = "overlays/gwynedd/01-start.cy.md"


@pytest.fixture
def round_trip(councils, ktb, tmp_path):
    """``round_trip(changes)``: export, give units the Welsh of ``changes`` by id, import; what the import said."""

    def there_and_back(changes, *words):
        file = tmp_path / "out.xlsx"
        assert ktb("translate", "export", councils, "--to", file).exit_code == 0
        found = read_sheet(file.read_bytes())
        assert set(changes) - {row.id for row in found} == set()
        file.write_bytes(write_sheet([row._replace(welsh=changes.get(row.id, row.welsh)) for row in found]))
        return ktb("translate", "import", file, "--course", councils, *words)

    return there_and_back


def errors(folder):
    return [str(one) for one in problems(read(folder), date(2026, 11, 21)) if one.severity == "error"]


def waiting(folder):
    found = problems(read(folder), date(2026, 11, 21))
    return {(one.rule, one.file, one.line) for one in found if one.severity == "release" and "overlays" in one.file}


def test_the_slots_of_every_council_go_out_under_its_name(councils, exported):
    rows = [id for id in exported(councils) if "@" in id]
    assert {id.rpartition("/#")[0] for id in rows} >= {"start@cardiff/food", f"{GWYNEDD}/telephone"}
    row = exported(councils)[f"{GWYNEDD}/telephone/#telephone/p1"]
    assert (row.english, row.welsh, row.state) == (
        "Ring 4321. [Officers](term:officer) answer.",
        "Ffoniwch 4321. Mae [swyddogion](term:officer) yn ateb.", "reviewed",
    )  # fmt: skip
    assert row.note == "overlays/gwynedd/01-start.en.md:15"
    # The shared words keep their places before those of single councils.
    assert list(exported(councils))[-len(rows) :] == rows


def test_only_the_slot_that_was_changed_changes(councils, round_trip, contents):
    before = contents(councils)
    done = round_trip({f"{GWYNEDD}/telephone/#telephone/p1": "Ffoniwch 4321: mae [swyddogion](term:officer) yno."})
    assert done.exit_code == 0 and f"  {GWYNEDD}/telephone: 1 unit\n" in done.output
    after = contents(councils)
    assert {name for name in before if before[name] != after[name]} == {WELSH, "translations.yml"}
    recorded = read(councils).table("translations")[GWYNEDD]
    assert {slot: entry["reviewed_by"] for slot, entry in recorded.items()} == {"telephone": None, "contacts": "Siân"}
    old = "Mae [swyddogion](term:officer) yn ateb."
    assert after[WELSH].decode() == before[WELSH].decode().replace(
        f"4321. {old}", "4321: mae [swyddogion](term:officer) yno."
    )


@pytest.mark.parametrize("whole_file", [True, False])
def test_a_slot_without_welsh_is_made_from_the_english(councils, round_trip, exported, whole_file):
    path = councils / WELSH
    if whole_file:
        path.unlink()
    else:
        path.write_text(path.read_text("utf-8").partition("::: lleol #contacts")[0], "utf-8")
    missing = {id: row for id, row in exported(councils).items() if id.startswith(GWYNEDD) and row.state == "missing"}
    assert any("#whom/answer1" in id for id in missing) and (whole_file or f"{GWYNEDD}/telephone" not in str(missing))
    done = round_trip({id: f"Ŵ {row.english}" for id, row in missing.items()})
    assert (done.exit_code, done.stderr) == (0, "")
    assert errors(councils) == []
    text = path.read_text("utf-8")
    assert (
        text.count("::: lleol #contacts") == text.count("::: cwestiwn #whom") == text.count("::: lleol #telephone") == 1
    )
    assert "- (x) Ŵ Democratic Services" in text and "Ŵ Ring **Democratic Services**" in text


def test_what_would_break_the_welsh_of_a_council_is_refused_and_nothing_saved(councils, round_trip, contents):
    before = contents(councils)
    done = round_trip({f"{GWYNEDD}/telephone/#telephone/p1": "Ffoniwch 4321."})
    assert done.exit_code == 1 and contents(councils) == before
    assert f"{GWYNEDD}/telephone/#telephone/p1: Beside the English it lacks (term:officer)." in done.stderr


def test_the_welsh_of_a_council_is_accepted_reviewed_and_goes_stale_by_its_name(councils, ktb):
    lines = {"telephone": 1, "contacts": 5}
    record = councils / "translations.yml"
    record.write_text(record.read_text("utf-8").partition(f"{GWYNEDD}:")[0], "utf-8")
    assert {("welsh-not-reviewed", WELSH, line) for line in lines.values()} <= waiting(councils)
    assert ktb("translate", "accept", GWYNEDD, "--reviewed-by", "Mari", "--course", councils).exit_code == 0
    assert waiting(councils) & {("welsh-not-reviewed", WELSH, line) for line in lines.values()} == set()
    english = councils / "overlays/gwynedd/01-start.en.md"
    english.write_text(english.read_text("utf-8").replace("Ring 4321", "Ring 4322"), "utf-8")
    assert {one for one in waiting(councils) if one[1] == WELSH} == {("welsh-stale", WELSH, 1)}
    told = ktb("translate", "status", councils).output
    assert f"{GWYNEDD}: 1 stale, 1 reviewed\n" in told and f"telephone                    {WELSH}:1\n" in told
    assert "There is no module “start@powys”." in ktb("translate", "accept", "start@powys", "--course", councils).stderr


def test_a_slot_that_is_filled_twice_is_told_before_anything_goes_out(councils, ktb, tmp_path):
    path = councils / "overlays/gwynedd/01-start.en.md"
    path.write_text(path.read_text("utf-8") + "\n::: local #telephone\nAgain.\n:::\n", "utf-8")
    done = ktb("translate", "export", councils, "--to", tmp_path / "out.xlsx")
    assert done.exit_code == 1 and "overlays/gwynedd/01-start.en.md:18:1: duplicate-id" in done.stderr
    path.write_text("::: local\nAgain.\n:::\n", "utf-8")
    assert "01-start.en.md:1:1: missing-id" in ktb("translate", "export", councils, "--to", tmp_path / "o.xlsx").stderr
