"""What a package says about itself: course.json, which the player and a record store go by."""

import hashlib
import re
from functools import lru_cache
from typing import Any

from authoring.course import LANGUAGES, Cited, Course, Module, Pool, Question, Reflect, Scenario, Text, short_key

FORMAT = 1
TRUE = ("true", "gwir", "cywir")


def outline(course: Course, package_format: str) -> dict[str, Any]:
    """course.json of a package in ``package_format``, ready for JSON. Readers ignore keys they do not know."""
    return {
        "format": FORMAT,
        "id": course.id,
        "iri": course.iri,
        "type": course.types["course"],
        "version": course.version,
        "authority": course.authority.gss if course.authority else None,
        "title": both(course.title),
        "languages": list(LANGUAGES),
        "minutes": course.minutes,
        "complete-when": course.complete_when,
        "interactions": course.interactions,
        "package": package_id(course, package_format),
        "package-format": package_format,
        "record-store": course.record_store,
        # xAPI displays are by language tag; British English is what an LMS looks for first.
        "verbs": {
            name: {"id": verb.id, "display": {"en-GB": verb.display.en, "cy": verb.display.cy}}
            for name, verb in course.verbs.items()
        },
        "extensions": course.extensions,
        "modules": [module_outline(module, course.types["module"]) for module in course.modules],
    }


def package_id(course: Course, package_format: str) -> str:
    """Sixteen hex digits by which a record store knows a package; public, and the same for the same content version."""
    words = "\n".join((course.iri, course.version, course.authority.gss if course.authority else "", package_format))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


@lru_cache(maxsize=64)
def module_outline(module: Module, activity: str) -> dict[str, Any]:
    """One module of course.json, the same object for the same module; ``activity`` is the type it has in statements."""
    return {
        "id": module.id,
        "key": module.key,
        "iri": module.iri,
        "type": activity,
        "document": module.document,
        "title": both(module.title),
        "minutes": module.minutes,
        "tags": list(module.tags),
        "complete-when": module.complete_when,
        "pass-mark": module.pass_mark,
        "pages": [
            {
                "id": page.id,
                "key": page.key,
                "title": both(page.title),
                "questions": [question.id for question in page.questions()],
                "reflections": [reflection.id for reflection in page.reflections()],
                "scenarios": [scenario.id for scenario in page.scenarios()],
            }
            for page in module.pages
        ],
        "questions": [question_outline(question) | _source(question) for question in module.questions()],
        "pools": [pool_outline(pool) for page in module.pages for pool in page.pools()],
        "reflections": [reflection_outline(reflection) | _shared(reflection) for reflection in module.reflections()],
        "scenarios": [scenario_outline(scenario) for page in module.pages for scenario in page.scenarios()],
    }


def question_outline(question: Question) -> dict[str, Any]:
    """One question, with the ids of its options and of the right ones; keys that say nothing are left out."""
    more = {
        "attempts": question.attempts,
        "partial": question.partial,
        "targets": [target.id for target in question.targets],
        "blanks": [{"en": list(blank.en), "cy": list(blank.cy)} for blank in question.blanks],
        "number": question.number and list(question.number),
        "true": truth(question),
    }
    return {
        "id": question.id,
        "key": question.key,
        "iri": question.iri,
        "type": question.kind,
        "options": [option.id for option in question.options],
        "right": list(question.right),
        "points": question.points,
        "edition": edition(question),
        "title": both(question.stem),
        **{key: value for key, value in more.items() if value},
    }


def _source(question: Question) -> dict[str, Any]:
    """Where its authors find a question; for whoever reads course.json, and of no use to a learner's page."""
    return {"source": both(question.source)} if question.source else {}


def edition(question: Question) -> str:
    """Two characters that are others when a question asks something else, so that it is to be answered again.

    What is asked, the answers to choose from and which of them are right count, and of their English only letters and
    digits: a comma, a link, Welsh that was corrected or one more wording of a blank leave the answer standing.
    """
    words = [question.stem, *(option.html for option in question.options), *(one.words for one in question.targets)]
    told = [re.sub(r"(?:<[^>]*>|\W)+", " ", text.en).casefold().split() for text in words]
    right = (question.right, question.number, [blank.en[0] for blank in question.blanks])
    return short_key("edition", repr((told, question.kind, right)))[:2]


def truth(question: Question) -> str | None:
    """The option of a true-false question that says that it is true; either may stand first."""
    if question.kind != "true-false":
        return None
    said = {option.id: re.sub(r"<[^>]+>|\W", "", option.html.en).casefold() for option in question.options}
    return next((id for id, words in said.items() if words in TRUE), None)


def pool_outline(pool: Pool) -> dict[str, Any]:
    """One pool: how many of which questions a learner is given."""
    return {"id": pool.id, "key": pool.key, "draw": pool.draw, "questions": [one.id for one in pool.questions]}


def scenario_outline(scenario: Scenario) -> dict[str, Any]:
    """One scenario: its scenes, and which of them are ends."""
    scenes = [{"id": scene.id, "leads-to": list(scene.leads_to)} for scene in scenario.scenes]
    return {"id": scenario.id, "key": scenario.key, "scenes": scenes}


def reflection_outline(reflection: Reflect) -> dict[str, Any]:
    """One reflection: where it is kept, never what is written."""
    kind = {} if reflection.kind == "reflection" else {"kind": reflection.kind}
    return {"id": reflection.id, "key": reflection.key, "title": both(reflection.prompt), **kind}


def _shared(reflection: Reflect) -> dict[str, Any]:
    """As which activity a record store is to take what a learner sends of it, and who may read that."""
    return {"iri": reflection.shared_as, "share": "lead"} if reflection.shared_as else {}


def facts_outline(course: Course) -> dict[str, list[dict[str, Any]]]:
    """facts.json: by module the facts that it cites, when each is to be looked at again, and where its authors find it.

    A file of its own, for it is as long as course.json and the same in the packages of every format and most councils.
    """
    return {module.id: [_fact(fact) for fact in module.facts] for module in course.modules}


def _fact(fact: Cited) -> dict[str, Any]:
    return {**fact._asdict(), "words": both(fact.words)}


def both(text: Text) -> dict[str, str]:
    """The words by language."""
    return {"en": text.en, "cy": text.cy}
