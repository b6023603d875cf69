"""Videos, sounds and figures: the files they name, the words that go with them, and how much a file may weigh."""

import re
from collections.abc import Iterator

from authoring.blocks import Block
from authoring.checks.blocks import blocks
from authoring.problems import Problem
from authoring.rules import Place, did_you_mean, problem
from authoring.source import Source

# By the ending of its name: what the first bytes of a file of this kind look like.
STARTS = {
    "mp4": re.compile(rb"....ftyp", re.S), "m4a": re.compile(rb"....ftyp", re.S),
    "webm": re.compile(rb"\x1a\x45\xdf\xa3"), "mp3": re.compile(rb"ID3|\xff[\xe2-\xff]"),
    "ogg": re.compile(rb"OggS"),
}  # fmt: skip
KINDS = {"video": ("mp4", "webm"), "audio": ("mp3", "m4a", "ogg", "webm")}
EXAMPLES = {"video": "mp4", "audio": "mp3", "figure": "svg"}
NAMED = {"video": "video", "audio": "sound"}
# Many an LMS refuses a package above 100 MB; an image above 20 MB or captions above 1 MB are a slip.
LARGEST_RECORDING, LARGEST_CAPTIONS, LARGEST = 100_000_000, 1_000_000, 20_000_000
CUE = re.compile(r"^(?:\d+:)?\d\d:\d\d\.\d{3}[ \t]+-->[ \t]+(?:\d+:)?\d\d:\d\d\.\d{3}", re.M)


def largest(name: str) -> int:
    """How many bytes a file of this name may have."""
    ending = name.rpartition(".")[2]
    return LARGEST_RECORDING if ending in STARTS else LARGEST_CAPTIONS if ending == "vtt" else LARGEST


def fits(source: Source, name: str) -> bool:
    """Whether a file is small enough to be read."""
    return (source.folder / name).stat().st_size <= largest(name)


def media_are_small(source: Source) -> Iterator[Problem]:
    """media-large: what is carried to every learner, and through every LMS, has its bounds."""
    for name in source.media:
        if not fits(source, name):
            words = f"This file has more than {largest(name) // 1_000_000} MB."
            yield problem("media-large", Place(name), words)


def sources_are_there(source: Source) -> Iterator[Problem]:
    """media-source, media-nowhere, image-nowhere, media-kind: the file after the block's word."""
    for file, block in blocks(source, "video", "audio", "figure"):
        place = file.place(block.at)
        if not block.src:
            mend = f"Write it after the word: ::: {block.word} media/name.{EXAMPLES[str(block.name)]}"
            yield problem("media-source", place, f"This {block.word} names no file.", mend)
        elif block.src not in source.media:
            rule, kind = ("image-nowhere", "image") if block.name == "figure" else ("media-nowhere", "file")
            mend = did_you_mean(block.src, source.media)
            yield problem(rule, place, f"The {kind} “{block.src}” is not there.", mend)
        elif block.name != "figure" and not _is_recording(source, block):
            yield problem("media-kind", place, f"“{block.src}” is no {NAMED[str(block.name)]} that browsers play.")


def _is_recording(source: Source, block: Block) -> bool:
    ending = block.src.rpartition(".")[2]
    if ending not in KINDS[str(block.name)]:
        return False
    with (source.folder / block.src).open("rb") as file:
        return STARTS[ending].match(file.read(12)) is not None


def recordings_have_words(source: Source) -> Iterator[Problem]:
    """media-title, transcript-missing, captions-missing: nobody is left out who cannot hear or see it."""
    for file, block in blocks(source, "video", "audio"):
        place, given = file.place(block.at), dict(block.options)
        if "title" not in given:
            yield problem("media-title", place, f"This {block.word} has no title.")
        if not block.parts:
            yield problem("transcript-missing", place, f"This {block.word} has no transcript.")
        if block.name == "video" and "captions" not in given:
            yield problem("captions-missing", place, f"This {block.word} has no captions.")


def captions_can_be_read(source: Source) -> Iterator[Problem]:
    """media-nowhere, captions-kind, captions-language: WebVTT, and a file of its own in each language."""
    users: dict[str, str] = {}
    for file, block in blocks(source, "video", "audio"):
        captions = dict(block.options).get("captions", "")
        place = file.place(block.at)
        if captions and captions not in source.media:
            mend = did_you_mean(captions, source.media)
            yield problem("media-nowhere", place, f"The file “{captions}” is not there.", mend)
        elif captions:
            yield from _read_captions(source, captions, place)
            if users.setdefault(captions, file.language) != file.language:
                yield problem("captions-language", place, f"“{captions}” is given for both languages.")


def _read_captions(source: Source, name: str, place: Place) -> Iterator[Problem]:
    """WebVTT, section 4.1: UTF-8, WEBVTT alone or before a space on the first line, and here a cue at least."""
    if not name.endswith(".vtt"):
        yield problem("captions-kind", place, f"“{name}” is no WebVTT file.")
    elif fits(source, name):
        try:
            text = (source.folder / name).read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            yield problem("captions-kind", Place(name), "This file holds a character that is not UTF-8.")
            return
        if not re.match(r"WEBVTT(?:[ \t\r\n]|$)", text):
            yield problem("captions-kind", Place(name), "The first line is not WEBVTT.")
        elif not CUE.search(text):
            yield problem("captions-kind", Place(name), "This file holds no captions.")


def figures_have_words(source: Source) -> Iterator[Problem]:
    """image-alt: every figure says what it shows."""
    for file, block in blocks(source, "figure"):
        if "alt" not in dict(block.options):
            words = f"This {block.word} has no words."
            yield problem("image-alt", file.place(block.at), words, 'Write alt="what it shows" before the caption.')


def words_hold_no_blocks(source: Source) -> Iterator[Problem]:
    """block-place: transcripts and long descriptions are words."""
    for file, block in blocks(source, "video", "audio", "figure"):
        for inner in block.parts:
            if isinstance(inner, Block):
                words = f"The block “{inner.word}” stands inside the {block.word}."
                yield problem("block-place", file.place(inner.at), words)


RULES = (
    media_are_small, sources_are_there, recordings_have_words, captions_can_be_read, figures_have_words,
    words_hold_no_blocks,
)  # fmt: skip
