"""What render.py and the joiner make: safe, small, the same each time, and whole in both languages."""

import gzip
import json
import re
import subprocess
from dataclasses import replace
from gettext import c2py
from html import unescape
from pathlib import Path

import gallery_course
import pytest
import tiny_course
from babel.messages.pofile import read_po

from authoring.course import Callout, Text
from authoring.joiner import _in_place, join, small
from authoring.phrases import all_words, form
from authoring.render import inlined, policy, render, say, styles, words
from authoring.scripts import PLAYER, blocks_script, more_script, script, spared


def size(text):
    return len(gzip.compress(text.encode(), 9))


def test_the_same_course_gives_the_same_bytes(package):
    assert package() == package()
    assert sorted(package()) == ["blocks.js", "index.html", "more.js", "one.html", "player.js", "two.html"]


STORE = {"record-store": "https://x.example"}
ADAPTERS = {"none": "web", "scorm12": "scorm12", "scorm2004": "scorm2004-4", "cmi5": "cmi5", "xapi": "xapi"}


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize("more", [{}, STORE], ids=["alone", "with a store"])
def test_a_script_is_light(adapter, more):
    course = replace(gallery_course.course(), interactions=True)
    told = tiny_course.outline(course, **more, **{"package-format": ADAPTERS[adapter]})
    assert size(script(adapter, spared(course, told))) <= 15_000


def test_weights_of_all_there_is():
    assert size(blocks_script()) <= 6_000 and size(more_script()) <= 10_000
    assert size(styles()) <= 6_000


def test_a_module_more_adds_little_to_every_document():
    def weight(modules):
        questions = [tiny_course.question("m", f"q{n}", "single", ("a", True), ("b", False)) for n in range(12)]
        pages = [tiny_course.page("m", f"p{n}", *questions[2 * n : 2 * n + 2]) for n in range(6)]
        made = [tiny_course.module(f"m{n}", n + 1, *pages) for n in range(modules)]
        return len(json.dumps(inlined(tiny_course.outline(tiny_course.course(*made)))))

    assert weight(10) - weight(1) <= 9 * 800


@pytest.mark.parametrize(
    ("part", "sign"),
    [
        (gallery_course.match, "Choose an answer in each row"),
        (gallery_course.order, "data-move"),
        (gallery_course.fill, "Fill in every blank"),
        (gallery_course.number, "Type a number"),
        (gallery_course.pool, "data-pool"),
        (gallery_course.tabs, "tablist"),
        (gallery_course.scenario, "data-scenario"),
        (lambda: gallery_course.recordings()[0], "textTracks"),
    ],
)
def test_a_script_has_what_its_course_uses_and_no_more(part, sign):
    course = gallery_course.course(tiny_course.page("all", "only", Callout("note", None, (part(),))))
    assert sign in blocks_script(spared(course, tiny_course.outline(course)))
    plain = tiny_course.course()
    assert sign not in blocks_script(spared(plain, tiny_course.outline(plain)))


def test_a_document_runs_nothing_of_its_own(package):
    for name, body in package().items():
        if not name.endswith(".html"):
            continue
        text = body.decode()
        assert re.findall(r"<[^>]+\s(?:style|on\w+)=", text) == []
        runs = {one for one in re.findall(r"<script[^>]*>", text) if ' type="application/json"' not in one}
        assert runs == {'<script src="player.js" defer>'}


def test_titles_and_outlines_cannot_break_out(package):
    title = Text("</script><script>alert(1)</script>", '"><i>x')
    course = tiny_course.course(title=title)
    text = package(course)["index.html"].decode()
    assert "<script>alert" not in text and '"><i>x' not in text
    outline = json.loads(re.search(r'id="x-outline">(.*?)</script>', text)[1])
    assert outline["title"]["en"] == title.en


def test_the_policy_names_the_store_and_nothing_else():
    assert "connect-src 'self' https://store.example:8443;" in policy("https://store.example:8443/base/")
    assert "connect-src 'self';" in policy(None)
    assert policy(None).startswith("default-src 'none'; script-src 'self'; style-src 'sha256-")


@pytest.mark.parametrize("address", ["https://x.example;script-src *", "javascript:alert(1)", "//x", "https://a b"])
def test_a_store_that_is_no_address_is_refused(address):
    with pytest.raises(ValueError, match="record store"):
        policy(address)


def test_documents_carry_both_languages_and_say_which(package):
    text = unescape(package()["one.html"].decode())
    assert '<span class="t" lang="en">What of door?</span><span class="t" lang="cy">What of door? (cy)</span>' in text
    assert text.count('<span class="t" lang="en">') == text.count('<span class="t" lang="cy">')


def test_every_word_is_in_both_catalogues():
    assert all(text.en and text.cy for text in all_words().values())
    same = {key for key, text in all_words().items() if text.en == text.cy}
    assert same == set()
    slots = {key: [set(re.findall(r"\{\w+\}", one)) for one in (key, *text)] for key, text in words().items()}
    assert {key for key, found in slots.items() if found[0] != found[1] or found[0] != found[2]} == set()


def test_no_word_is_left_over_in_the_catalogues():
    sources = [*PLAYER.rglob("*.js"), *PLAYER.parent.joinpath("templates").glob("*.html"), PLAYER.parent / "render.py"]
    text = "".join(path.read_text("utf-8") for path in sources)
    assert {key for key in all_words() if f'"{key}"' not in text and f"`{key}`" not in text} == set()


def test_words_that_no_catalogue_has_are_refused():
    with pytest.raises(KeyError):
        say("Nobody has said this")


def test_the_outline_in_a_document_leaves_out_what_is_told_elsewhere(package):
    outline = tiny_course.outline(tiny_course.course())
    small = inlined(outline)
    first = small["modules"][0]
    assert "questions" not in first and "title" not in first["pages"][0] and "verbs" not in small and "iri" not in first
    assert first["pages"][1]["questions"] == [one["key"] for one in outline["modules"][0]["questions"]]
    text = package()["one.html"].decode()
    door = json.loads(re.search(r'<script type="application/json">(.*?)</script></form>', text)[1])
    assert door == {"key": first["pages"][1]["questions"][0], "type": "single", "options": ["1", "2"], "right": ["2"]}


@pytest.mark.parametrize(
    "more", [{"record-store": "https://x.example"}, {"package-format": "cmi5"}, {"package-format": "xapi"}]
)
def test_the_outline_in_a_document_has_what_statements_need_where_there_are_any(more):
    small = inlined({**tiny_course.outline(tiny_course.course()), **more})
    assert small["verbs"] and small["iri"] and small["modules"][0]["iri"] and small["modules"][0]["type"]


def test_each_adapter_brings_only_its_own(package):
    assert "LMSInitialize" not in script("none") and "cmi.core." not in script("none")
    assert "cmi.core." in script("scorm12")


def laid(folder: Path, **modules: str) -> Path:
    (folder / "lms").mkdir()
    (folder / "lms" / "none.js").write_text("export const lms = 1;\n")
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)
    return folder


def test_joining_lays_imports_first_and_strips_comments(tmp_path):
    main = """/** Main. */
import { one } from "./one.js";
import { lms } from "lms";
// why
use(one, lms);
"""
    folder = laid(tmp_path, main=main, one="export const one = w`Next`;\n")
    lines = join(folder, "none", {"Next": Text("Next", "Nesaf")}).splitlines()
    assert lines == [
        "(() => {",
        '"use strict";',
        'const one = ({en: "Next", cy: "Nesaf"});',
        "const lms = 1;",
        "use(one, lms);",
        "})();",
    ]


def test_a_module_for_its_effect_comes_unless_it_is_spared(tmp_path):
    main = 'import "./one.js";\nimport "./two.js";\nuse();\n'
    two = 'import { one } from "./one.js";\nregister(one);\n'
    folder = laid(tmp_path, main=main, one="export const one = 1;\n", two=two)
    assert join(folder, "none", {}).splitlines()[2:-1] == ["const one = 1;", "register(one);", "use();"]
    assert join(folder, "none", {}, frozenset({"two.js"})).splitlines()[2:-1] == ["const one = 1;", "use();"]


def test_a_module_that_others_need_cannot_be_spared(tmp_path):
    folder = laid(tmp_path, main='import { one } from "./one.js";\nuse(one);\n', one="export const one = 1;\n")
    with pytest.raises(ValueError, match="does not export: one"):
        join(folder, "none", {}, frozenset({"one.js"}))


@pytest.mark.parametrize(
    ("main", "one", "fault"),
    [
        ('import { two } from "./one.js";', "export const one = 1;", "does not export: two"),
        ('import { one } from "./one.js";\nlet same = 1;', "export const one = 1;\nlet same = 2;", "same name: same"),
        ('import * as all from "./one.js";', "", "cannot be joined"),
        ("export default 1;", "", "cannot be joined"),
        ("say(w`Unheard of`);", "", "lack words"),
    ],
)
def test_what_cannot_be_joined_is_refused(tmp_path, main, one, fault):
    with pytest.raises(ValueError, match=fault):
        join(laid(tmp_path, main=main, one=one), "none", {})


def test_what_another_script_lends_is_taken_from_it(tmp_path):
    lent = 'import { one, two } from "./one.js";\nexport const lent = { one, two };\n'
    later = 'import { one, w } from "./one.js";\nimport { three } from "./three.js";\nuse(one, three, w`Next`);\n'
    folder = laid(tmp_path, lent=lent, later=later, one="let one = 1;\n", three="export const three = 3;\n")
    words = {"Next": Text("Next", "Nesaf")}
    assert join(folder, "none", words, begin="later.js", lent="lent.js").splitlines()[2:-1] == [
        "const { one } = document.currentScript.lent;",
        "const three = 3;",
        'use(one, three, ({en: "Next", cy: "Nesaf"}));',
    ]
    (folder / "last.js").write_text('import { four } from "./one.js";\nuse(four);\n')
    with pytest.raises(ValueError, match=r"last\.js imports what one\.js does not export: four"):
        join(folder, "none", {}, begin="last.js", lent="lent.js")


def test_a_name_for_a_value_costs_nothing():
    before = """const PAUSE = 60 * 1000;
const KINDS = ["a", "b"];
const TWICE = "said twice";
const DAY = /^\\d{4}-\\d\\d$/;
const LEVELS = [1, 2];
wait(PAUSE + PAUSE, here.PAUSE, `${PAUSE}`, "no PAUSES");
KINDS.map(DAY.test);
say(TWICE, TWICE);
const LATER = made(LEVELS, LEVELS);"""
    assert _in_place(before).split("\n") == [
        "", "", 'const TWICE = "said twice";', "", "const LEVELS = [1, 2];",
        'wait((60 * 1000) + (60 * 1000), here.PAUSE, `${(60 * 1000)}`, "no PAUSES");',
        '(["a", "b"]).map((/^\\d{4}-\\d\\d$/).test);', "say(TWICE, TWICE);", "const LATER = made(LEVELS, LEVELS);",
    ]  # fmt: skip


@pytest.mark.parametrize("made", [*((script, name) for name in ADAPTERS), (blocks_script, ""), (more_script, "")])
def test_every_script_is_one(made, tmp_path):
    draw, adapter = made
    begin = {blocks_script: "blocks.js", more_script: "more/main.js"}.get(draw, "main.js")
    lent = None if draw is script else "lent.js"
    (tmp_path / "small.js").write_text(draw(adapter) if adapter else draw())
    (tmp_path / "joined.js").write_text(join(PLAYER, adapter or "none", all_words(), begin=begin, lent=lent))
    for name in ("small.js", "joined.js"):
        subprocess.run(["node", "--check", tmp_path / name], check=True)


def test_a_small_script_keeps_the_names_that_others_know():
    text = "(() => {\nconst counter = { limit: 1 };\nwindow.result = counter.limit + lms.ready;\n})();\n"
    assert small("javascript", text) == "(()=>{const e={limit:1};window.result=e.limit+lms.ready})()"


@pytest.mark.parametrize(("kind", "text"), [("javascript", "const one = ;"), ("javascript", "(() => { let two = 1;")])
def test_a_script_with_an_error_in_it_is_refused_with_its_place(kind, text):
    with pytest.raises(ValueError, match=f"The player's {kind} has an error: unexpected .* on line 1 and column"):
        small(kind, text)


def test_render_uses_the_adapter_that_is_asked_for():
    course = tiny_course.course()
    files = render(course, "none", tiny_course.outline(course))
    assert files["player.js"] == script("none", spared(course, tiny_course.outline(course))).encode()
    assert b"on this device only" in files["one.html"]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_catalogues_read_as_babel_reads_them(language):
    path = PLAYER.parent / "locale" / language / "LC_MESSAGES" / "authoring.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    many = {entry.id[1] if entry.pluralizable else entry.id: entry.string for entry in catalogue if entry.id}
    assert len(many) > 80
    assert {key: getattr(text, language) for key, text in all_words().items()} == many
    for number in (*range(13), 21, 100, 103):
        forms = tuple(f"form {at}" for at in range(catalogue.num_plurals))
        assert form(forms, number, language) == forms[c2py(catalogue.plural_expr)(number)]
