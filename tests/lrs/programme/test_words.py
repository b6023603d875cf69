"""Every word of the programme's pages exists in both languages, with every form that a count takes."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import lrs.programme
from lrs.programme import words

FOLDER = Path(lrs.programme.__file__).parent
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "named": None, "_": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
PLACE = re.compile(r"%\((\w+)\)s")


def used():
    return {message for _, _, message, _, _ in extract_from_dir(FOLDER, METHODS, None, KEYWORDS)}


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_each_message_has_its_words_and_no_words_are_left_over(language):
    catalogue = words.catalogue(language)
    messages = used()
    assert len(messages) > 250
    missing = [
        message for message in messages if not catalogue.get(message if isinstance(message, str) else message[0])
    ]
    assert missing == []
    assert {one.id for one in catalogue if one.id} == messages


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_each_message_keeps_its_places_and_each_count_has_all_its_forms(language):
    for message in words.catalogue(language):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        assert len(strings) == (1 if isinstance(message.id, str) else len(words.FORMS[language])), message.id
        for string in strings:
            assert string, message.id
            assert set(PLACE.findall(string)) == set(PLACE.findall(ids[-1])), message.id


def test_english_says_what_the_source_says():
    for message in words.catalogue("en"):
        assert not message.id or message.string == message.id


def test_the_welsh_header_names_six_forms():
    file = words.LOCALES / "cy" / "LC_MESSAGES" / "programme.po"
    with file.open("rb") as opened:
        assert read_po(opened).num_plurals == 6


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 modiwl"), (1, "1 modiwl"), (2, "2 fodiwl"), (3, "3 modiwl"), (6, "6 modiwl"), (10, "10 modiwl")],
)
def test_welsh_counts_modules_as_welsh_does(number, said):
    with words.speaking("cy"):
        left = words.ngettext(
            "%(num)s module left, about %(time)s", "%(num)s modules left, about %(time)s", number, time="x"
        )
    assert left.startswith(said + " ar ôl")


@pytest.mark.parametrize(
    ("minutes", "english", "welsh"),
    [
        (1, "1 minute", "1 munud"),
        (2, "2 minutes", "2 funud"),
        (55, "55 minutes", "55 munud"),
        (60, "1 hour", "1 awr"),
        (92, "1 hour 30 minutes", "1 awr 30 munud"),
        (119, "2 hours", "2 awr"),
        (270, "4 hours 30 minutes", "4 awr 30 munud"),
    ],
)
def test_durations(minutes, english, welsh):
    assert words.duration(minutes) == english
    with words.speaking("cy"):
        assert words.duration(minutes) == welsh


COMMANDS = "ktb-lrs user link mair@council.example ktb-lrs course add build/knowing-the-business/scorm12/.zip scorm"
SAID_IN_BOTH = {"Cymraeg", "English", "CSV", "XLSX", "PDF", "JSON", "SHA"} | set(re.findall(r"\w+", COMMANDS))


@pytest.mark.parametrize("template", sorted((FOLDER / "templates").glob("*.html")), ids=lambda path: path.name)
def test_no_template_says_a_word_of_its_own(template):
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", template.read_text("utf-8"), flags=re.S)
    spoken = re.findall(r'(?:aria-label|title|alt|placeholder|data-k)="\s*([^"\s][^"]*)"', text)
    bare = re.sub(r"<[^>]*>", " ", text)
    assert spoken == []
    assert set(re.findall(r"[^\W\d_]{2,}", bare)) <= SAID_IN_BOTH
