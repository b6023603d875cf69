"""Every rule a course is held to, as data: what it asks, how to mend a breach, and how grave a breach is."""

from typing import NamedTuple

from authoring.problems import Problem, Severity


class Rule(NamedTuple):
    """One line for the list of rules, the usual mend, and the severity."""

    asks: str
    mend: str
    severity: Severity = "error"


RULES: dict[str, Rule] = {
    # The files
    "file-missing": Rule("The files a course cannot do without are there.", "Add the file."),
    "not-utf8": Rule("Every file is UTF-8.", "Save the file again with the encoding UTF-8."),
    "yaml-syntax": Rule("YAML can be read.", "Words that hold a colon or begin with a sign go between quotes."),
    "yaml-duplicate": Rule("A key stands once in its place.", "Keep one of the two."),
    "yaml-plain": Rule("YAML keeps to plain maps, lists and words.", "Write the value out, without & * or !."),
    "key-missing": Rule("Every key that is needed is there.", "Add the key."),
    "key-unknown": Rule("Every key is one we know.", "Take the key out, or mend its spelling."),
    "value-wrong": Rule("Every value is of the kind its key asks for.", "Mend the value."),
    "front-matter": Rule(
        "A module begins with front matter between two lines of three dashes.",
        "Begin the file with ---, the six keys, and --- again.",
    ),
    # Modules and pages
    "module-missing": Rule(
        "Every module named in course.yml has its files.", "Add the files, or take the id out of modules in course.yml."
    ),
    "module-unlisted": Rule(
        "Every module file is named in course.yml.", "Add its id to modules in course.yml, or remove the file."
    ),
    "module-name": Rule("Module files are called NN-slug.en.md and NN-slug.cy.md.", "Rename the file."),
    "welsh-missing": Rule("Every page is there in Welsh.", "Write the Welsh page, with the same id."),
    "english-missing": Rule("Every page is there in English.", "Write the English page, with the same id."),
    "page-id": Rule("Every page title ends with an id.", "Write ## Title {#page-id}."),
    "page-order": Rule(
        "Pages stand in the same order in both languages.", "Put the pages in the order of the English."
    ),
    "page-empty": Rule("Every page says something.", "Write the page, or remove its title."),
    "before-first-page": Rule(
        "Nothing stands before the first page title.", "Put a line ## Title {#page-id} before it."
    ),
    "heading-level": Rule("Inside a page headings are ### and ####.", "Use ### or ####."),
    # Blocks
    "unknown-block": Rule("Every block is one we know.", "Mend the word after :::."),
    "unclosed-block": Rule("Every block is closed.", "Add a line ::: where the block ends."),
    "stray-close": Rule("Every ::: closes a block.", "Remove the line, or open a block before it."),
    "block-place": Rule(
        "Blocks stand in no question, reflection, transcript, description, list or quote; questions in no scene, and "
        "slots in no slot.",
        "Move the inner block out.",
    ),
    "block-empty": Rule("Every block holds something.", "Write what belongs in it, or remove it."),
    "block-option": Rule(
        "Every option of a block is one it has, once, with a value it can take.", "Remove the option or mend it."
    ),
    "block-title": Rule("Only callouts carry a title after their word.", "Move the words into the block."),
    "bad-id": Rule(
        "Ids are small letters, digits and hyphens, begin with a letter, and not with x- s- q- r- term- or scene-.",
        "Rename it, in both languages.",
    ),
    "missing-id": Rule(
        "Questions, pools, reflections, needs, plans, scenarios and slots have an id.", "Write #an-id after the word."
    ),
    "duplicate-id": Rule("An id stands once in a module.", "Rename one of the two, in both languages."),
    "accordion-shape": Rule(
        "An accordion is headings ### with words under each.",
        "Begin the accordion with ### and write under every heading.",
    ),
    "tabs-shape": Rule(
        "Tabs are headings ### with words under each.", "Begin the tabs with ### and write under every heading."
    ),
    "scenario-shape": Rule(
        "A scenario is scenes: headings ### with words under each.",
        "Begin the scenario with ### Title {#id} and write under every heading.",
    ),
    "scene-id": Rule("Every scene has an id.", "Write ### Title {#id}, the same id in both languages."),
    "scene-mood": Rule("A scene is good, poor, or neither.", "Write {#id .good}, {#id .poor} or {#id}."),
    "scene-link": Rule("A choice leads to a scene of the same scenario.", "Mend the word after #."),
    "scene-reach": Rule("Every scene can be reached from the first.", "Let a choice lead to it, or remove it."),
    "scene-end": Rule("From every scene some path ends.", "Let a choice lead to a scene without choices."),
    "media-source": Rule(
        "Every video, audio and figure names its file.", "Write it after the word: ::: video media/welcome.mp4."
    ),
    "media-nowhere": Rule(
        "Recordings and captions are there.", "Put the file into the folder media, or mend its name."
    ),
    "media-kind": Rule("A video is MP4 or WebM; a sound is MP3, M4A, Ogg or WebM.", "Save it again as one of those."),
    "media-title": Rule("Every recording has a title.", 'Write title="Welcome" after the file.'),
    "transcript-missing": Rule("Every recording has a transcript.", "Write what is said inside the block."),
    "captions-missing": Rule("Every video has captions.", "Write captions=media/welcome.en.vtt after the file."),
    "captions-kind": Rule(
        "Captions are WebVTT: UTF-8, WEBVTT on the first line, then each caption below its times.",
        "Export the captions as WebVTT.",
    ),
    "captions-language": Rule(
        "Each language has captions of its own.",
        "Give the Welsh a file with Welsh captions, the English one in English.",
    ),
    "question-options": Rule("A question has two answers or more.", "Write each as - ( ) words, or - [ ] words."),
    "question-marks": Rule(
        "All answers of a question carry the same kind of brackets.",
        "Round brackets where one answer is right, square where several may be.",
    ),
    "question-right": Rule("A question has a right answer.", "Put an x between the brackets of the right answer."),
    "question-one-right": Rule(
        "A question with round brackets has one right answer.", "Keep one x, or use square brackets in both languages."
    ),
    "question-shape": Rule(
        "A question is its words, then its answers; after any kind but a choice a quote may follow.",
        "Words go above the answers, feedback goes under its answer as an indented > quote.",
    ),
    "question-words": Rule("A question asks something.", "Write the question above its answers."),
    "answer-shape": Rule(
        "An answer is one paragraph, then its feedback; a line, step or level is one paragraph.",
        "Make it one paragraph; the rest is feedback.",
    ),
    "answer-twice": Rule("No two lines, steps or levels of a question say the same.", "Say them apart, or remove one."),
    "match-pairs": Rule(
        "A match has two lines or more, and two right sides or more.",
        "Write lines - left -> right, and lines - -> right for what belongs to nothing.",
    ),
    "match-arrow": Rule("A line of a match has one arrow, and words after it.", "Write it as - left -> right."),
    "match-plain": Rule(
        "The right side of a match is plain words, for it is chosen from a list.", "Take the marks out of it."
    ),
    "order-steps": Rule("An order has two steps or more.", "Write each as 1. words, in the right order."),
    "scale-levels": Rule("A scale has 2 to 11 levels.", "Write 2 to 11 of them, each as 1. words."),
    "fill-blanks": Rule("A fill has a blank.", "Put the words to be found between [[ and ]]."),
    "fill-blank": Rule(
        "A blank is closed, and each of its wordings says something.", "Write [[words]], or [[words|other words]]."
    ),
    "fill-place": Rule("Blanks stand in words, not in links or images.", "Move the blank out of the link or image."),
    "number-answer": Rule("A number has one answer.", "Write a last line such as = 22."),
    "number-value": Rule(
        "The answer of a number is a number, a span that rises, or a number with a margin.",
        "Write = 22, = 20..24 or = 3.5 ± 0.1.",
    ),
    "pool-draw": Rule(
        "A pool draws fewer questions than it holds.", "Write draw=2 with a number below that of its questions."
    ),
    "pool-holds": Rule(
        "A pool holds questions that are marked, and nothing else.", "Move it out of the pool, in both languages."
    ),
    "needs-standard": Rule(
        "A needs self-check and a page of the Standard have elements to show.", "Add elements to standard.yml."
    ),
    "standard-seen": Rule(
        "A sheet for colleagues says of each element what they would see, qualities apart.",
        "Write seen: {en: …, cy: …} beside the element in standard.yml.",
    ),
    "reflect-words": Rule("A reflection, needs or plan asks something.", "Write the prompt inside the block."),
    "reflect-shape": Rule("What is shown after writing is one quote at the end.", "Join the quotes at the end."),
    # Links, images, words
    "link-nowhere": Rule("Every link leads somewhere.", "Mend the address."),
    "link-scheme": Rule("Links use https, http, mailto, tel, term or fact.", "Use one of those."),
    "link-language": Rule("A link to a module stays in its language.", "Link to the file of the same language."),
    "image-nowhere": Rule("Every image is there.", "Put the file into the folder media, or mend its name."),
    "image-alt": Rule("Every image has words for those who cannot see it.", "Write ![what it shows](media/…)."),
    "image-kind": Rule("Images are SVG, PNG, JPEG, GIF or WebP, and can be read.", "Save it again as one of those."),
    "image-large": Rule(
        "No image has more than 50 million pixels, which can fill the memory of a phone.", "Save it again, smaller."
    ),
    "media-large": Rule(
        "Recordings have at most 100 MB, captions 1 MB, other files 20 MB.", "Save it again, smaller or shorter."
    ),
    "image-script": Rule("An SVG holds no script and fetches nothing.", "Export it as a plain SVG."),
    "media-name": Rule(
        "Names of media are small ASCII letters, digits, dots, hyphens and underscores.",
        "Rename the file and the links to it.",
    ),
    "unknown-term": Rule("Every term is in glossary.yml.", "Add it to glossary.yml or mend the id."),
    "unknown-fact": Rule("Every fact is in facts.yml.", "Add it to facts.yml or mend the id."),
    "fact-place": Rule(
        "Facts are cited in running text, not in titles, answers or hints.",
        "Cite the fact in the question or the feedback.",
    ),
    "unknown-tag": Rule("Every tag is an element of standard.yml.", "Mend the tag or add the element."),
    "unknown-outcome": Rule("A question assesses outcomes of its module.", "Mend the number after assesses=."),
    "raw-html": Rule("The text holds no HTML.", "Write it in Markdown; a single < is written \\<."),
    "attribute": Rule(
        "Curly brackets give a language and nothing else.", "Write [words]{lang=cy}, or remove the brackets."
    ),
    # Both languages
    "language-structure": Rule("English and Welsh have the same blocks in the same order.", "Make the two the same."),
    "language-answers": Rule("English and Welsh have the same right answers.", "Make the two the same."),
    "language-module": Rule("English and Welsh agree on a module's facts.", "Make the two the same."),
    # Authorities
    "authority-twice": Rule("Every authority has a slug and a code of its own.", "Mend one of the two."),
    "authority-word": Rule(
        "Double curly brackets hold authority.name or authority.area.",
        "Write {{ authority.name }} or {{ authority.area }}.",
    ),
    "authority-mutation": Rule(
        "In Welsh the name of an authority stands where it keeps its first letter.",
        "Put it first, after a colon or between brackets.",
        "warning",
    ),
    "overlay-name": Rule(
        "Overlays are called overlays/authority/NN-slug.en.md and .cy.md.", "Rename the file, or move it."
    ),
    "overlay-authority": Rule(
        "Every folder in overlays is called as an authority's slug.", "Rename the folder, or add the authority."
    ),
    "overlay-module": Rule("Every overlay is called as a module's file.", "Rename the overlay."),
    "overlay-words": Rule(
        "An overlay holds slots and nothing else.", "Put the words into ::: local #slot, or into the module itself."
    ),
    "overlay-slot": Rule("Every slot filled is one of the module's.", "Mend the id, or add the slot to the module."),
    "overlay-language": Rule("A slot is filled in both languages or in none.", "Fill it in the other language too."),
    # The whole course
    "key-collision": Rule("No two ids share a short key.", "Rename one of the two, in both languages."),
    "pass-without-questions": Rule(
        "A module with a pass mark has questions that are marked.", "Add a question, or remove the pass mark."
    ),
    # Advice
    "answer-feedback": Rule("Every answer has feedback.", "Add an indented > quote under the answer.", "warning"),
    "welsh-term": Rule(
        "The Welsh uses the agreed Welsh term wherever the English uses the English one.",
        "Use the term of glossary.yml, in any of its forms, or agree on another there.",
        "warning",
    ),
    "media-unused": Rule("All media are used.", "Link to the file or remove it.", "warning"),
    # Advice on writing
    "sentence-long": Rule(
        "No sentence has more than 35 words in English, or 40 in Welsh.",
        "Make two of it, or leave something out.",
        "warning",
    ),
    "reading-level": Rule(
        "The average sentence of a module has 20 words at most, and its English a Flesch-Kincaid grade of 11 at most.",
        "Write shorter sentences and plainer words.",
        "warning",
    ),
    "page-long": Rule(
        "A page has 400 words at most, questions and scenes aside.",
        "Make two pages of it, or leave something out.",
        "warning",
    ),
    "fact-unused": Rule("Every fact is cited.", "Cite the fact where it is stated, or remove it.", "warning"),
    "fact-language": Rule(
        "A page cites the same facts in both languages.", "Cite the fact in both, or in neither.", "warning"
    ),
    "must-cited": Rule(
        "A sentence that says “must” cites the fact that says so: it is kept for law.",
        "Cite the fact, or say “should”, “has to” or “is asked to”.",
        "warning",
    ),
    "elsewhere-word": Rule(
        "A word of another country, by elsewhere.yml, stands in a sentence that names the country.",
        "Name the country in the same sentence, or use the word of this one.",
        "warning",
    ),
    "place-mutation": Rule(
        "In Welsh the name of a council or its area is mutated as the word before it asks.",
        "Mutate the name, or write the sentence so that the name stands first.",
        "warning",
    ),
    "outcome-assessed": Rule(
        "Each outcome of a module that asks three questions or more is assessed by one.",
        "Write assesses= with the number of the outcome on the first line of a question.",
        "warning",
    ),
    "answer-longest": Rule(
        "The right answer is the longest in at most half of a module’s questions, where there are four or more.",
        "Shorten right answers, or say wrong ones more fully.",
        "warning",
    ),
    "answer-position": Rule(
        "The right answer has the same place in at most half of a module’s questions, where there are five or more.",
        "Move the answers about, in both languages.",
        "warning",
    ),
    "answer-above": Rule(
        "No answer speaks of the other answers, as “all of the above” does.",
        "Write an answer that says something, or square brackets so that several can be right.",
        "warning",
    ),
    "minutes-estimate": Rule(
        "The minutes of a module are within a fifth, or four minutes, of what its words and questions come to.",
        "Mend the minutes in both languages, or the length.",
        "warning",
    ),
    "alt-sentence": Rule(
        "The words of an image are a sentence of four words or more, with a capital and a full stop.",
        "Write what the image says: Three boxes in a row lead from words to a course.",
        "warning",
    ),
    "figure-small": Rule(
        "The letters of an SVG are 12 pixels high or more where it is drawn 320 wide.",
        "Draw it narrower, with larger letters.",
        "warning",
    ),
    "figure-ground": Rule(
        "An SVG with words in it has a ground of its own, so that it reads in print and in the dark.",
        "Begin the drawing with a <rect> as large as its viewBox.",
        "warning",
    ),
    # Before a release
    "welsh-not-reviewed": Rule(
        "A Welsh reader has reviewed every page.",
        "Have the page reviewed and record it in translations.yml.",
        "release",
    ),
    "welsh-stale": Rule(
        "The Welsh was made from the English as it stands.",
        "Bring the Welsh up to date and record it in translations.yml.",
        "release",
    ),
    "fact-due": Rule(
        "Every fact cited has been checked and is within its review date.",
        "Check the fact and give it a new date in facts.yml.",
        "release",
    ),
    "placeholder-iri": Rule("No address is a placeholder.", "Replace the .example host by the one you own.", "release"),
}


class Place(NamedTuple):
    """Where something stands: file relative to the course folder, line and column from 1."""

    file: str
    line: int = 1
    column: int = 1


def problem(rule: str, place: Place, message: str, mend: str = "") -> Problem:
    """A breach of ``rule``, with the rule's own mend unless a closer one is given."""
    known = RULES[rule]
    return Problem(*place, rule, message, mend or known.mend, known.severity)


def did_you_mean(word: str, known: list[str]) -> str:
    """“Did you mean …?” for the nearest known word, or an empty string."""
    from difflib import get_close_matches

    near = get_close_matches(word, known, 1, 0.6)
    return f"Did you mean “{near[0]}”?" if near else ""
