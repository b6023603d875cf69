"""What SCORM 2004 asks of sequencing, marks and completion beyond their shape, and the traps that lock a course."""

from collections import Counter
from collections.abc import Iterator

from authoring.inspector.findings import Finding
from authoring.inspector.markup import Node
from authoring.inspector.structure import Manifest, shown
from authoring.inspector.values import misfit, number

OBJECTIVES = ("imsss:primaryObjective", "imsss:objective")
READS = ("readSatisfiedStatus", "readNormalizedMeasure")
WRITES = ("writeSatisfiedStatus", "writeNormalizedMeasure")
UNTESTED = {
    "attemptExperiencedDurationLimit", "activityAbsoluteDurationLimit", "activityExperiencedDurationLimit",
    "beginTimeLimit", "endTimeLimit",
}  # fmt: skip
UNTESTED_CONDITIONS = {"timeLimitExceeded", "outsideAvailableTimeRange"}
ONLY_4TH = {"adlcp:data", "adlseq:objectives"}
YES = ("true", "1")


def findings(manifest: Manifest, edition: str) -> Iterator[Finding]:
    """Everything that is wrong with sequencing and completion in a manifest of ``edition`` (“2nd”, “3rd” or “4th”)."""
    collections = {
        node.get("ID"): node for group in manifest.root.below("imsss:sequencingCollection") for node in group.children
    }
    yield from _references(manifest, collections)
    for node in manifest.root.all():
        if node.name in ("organization", "item"):
            yield from _activity(manifest, node, collections)
        elif node.name == "imsss:sequencing":
            yield from _objectives(manifest, node)
            yield from _limits(manifest, node)
        elif node.name == "adlcp:completionThreshold":
            yield from _threshold(manifest, node, edition)
        if edition != "4th":
            yield from _later(manifest, node, edition)


def _references(manifest: Manifest, collections: dict[str, Node]) -> Iterator[Finding]:
    inside = {id(node) for node in collections.values()}
    for node in manifest.root.below("imsss:sequencing"):
        if id(node) in inside:
            if node.get("IDRef"):
                yield manifest.found("sequencing-reference", node, "An IDRef stands inside the collection.")
        elif node.get("ID"):
            yield manifest.found("sequencing-reference", node, "An ID stands outside the collection.")
        elif (target := node.get("IDRef")) and target not in collections:
            yield manifest.found("sequencing-reference", node, f"The collection has no {shown(target)}.")


def _activity(manifest: Manifest, node: Node, collections: dict[str, Node]) -> Iterator[Finding]:
    """Whether learners can reach what is below an organization or item, and whether a page is tracked."""
    own = node.first("imsss:sequencing")
    shared = collections.get(own.get("IDRef")) if own else None
    where = {child.name: child for one in (shared, own) if one for child in one.children}
    name = shown(node.get("identifier"))
    mode = where.get("imsss:controlMode")
    if mode and node.each("item") and mode.get("choice") in ("false", "0") and mode.get("flow") not in YES:
        yield manifest.found("cluster-locked", mode, f"Below the {node.name} {name} there is neither choice nor flow.")
    delivery = where.get("imsss:deliveryControls")
    if delivery and node.get("identifierref") and delivery.get("tracked") in ("false", "0"):
        yield manifest.found("untracked", delivery, f"The item {name} is not tracked.")


def _objectives(manifest: Manifest, sequencing: Node) -> Iterator[Finding]:
    group = sequencing.first("imsss:objectives")
    objectives = [child for child in group.children if child.name in OBJECTIVES] if group else []
    ids = Counter(one.get("objectiveID") for one in objectives)
    for one in objectives:
        id = one.get("objectiveID")
        if not id and (one.each("imsss:mapInfo") or "objectiveID" in one.attributes):
            yield manifest.found("objective-id", one, "The objective has no id.")
        elif id and ids[id] > 1:
            yield manifest.found("objective-duplicate", one, f"The id {shown(id)} stands twice.")
        yield from _mark(manifest, one)
    yield from _maps(manifest, objectives)
    yield from _named(manifest, sequencing, set(ids))


def _named(manifest: Manifest, sequencing: Node, ids: set[str]) -> Iterator[Finding]:
    """References to objectives of the same sequencing."""
    for node in sequencing.all():
        target = node.get("referencedObjective")
        if node.name == "adlseq:objective":
            target = node.get("objectiveID")
        if target and target not in ids and not sequencing.get("IDRef"):
            yield manifest.found("objective-reference", node, f"There is no objective {shown(target)} here.")


def _mark(manifest: Manifest, objective: Node) -> Iterator[Finding]:
    measure = objective.first("imsss:minNormalizedMeasure")
    by_measure = objective.get("satisfiedByMeasure") in YES
    if by_measure and measure is None:
        yield manifest.found("mastery-unmarked", objective, "It says satisfiedByMeasure, and no measure.")
    elif measure is not None and not by_measure:
        yield manifest.found("mastery-ignored", measure, "It gives a measure without satisfiedByMeasure.")
    elif measure is not None and (mark := number(measure.text)) is not None and mark <= 0:
        yield manifest.found("mastery-zero", measure, f"The mark to pass is {shown(measure.text)}.")


def _maps(manifest: Manifest, objectives: list[Node]) -> Iterator[Finding]:
    """What is read from two global objectives, or written to one from two sides."""
    written: Counter[tuple[str, str]] = Counter()
    for one in objectives:
        read: Counter[str] = Counter()
        for info in one.each("imsss:mapInfo"):
            for what in READS:
                read[what] += info.get(what) not in ("false", "0")
                if read[what] == 2:
                    yield manifest.found("objective-map", info, f"The objective has {what} of two global objectives.")
                    read[what] += 1
            for what in WRITES:
                key = (info.get("targetObjectiveID"), what)
                written[key] += info.get(what) in YES
                if written[key] == 2:
                    yield manifest.found("objective-map", info, f"{shown(key[0])} has {what} from two objectives.")
                    written[key] += 1


def _limits(manifest: Manifest, sequencing: Node) -> Iterator[Finding]:
    for node in sequencing.all():
        untested = sorted(UNTESTED & node.attributes.keys())
        if untested or node.name == "imsss:auxiliaryResources" or node.get("condition") in UNTESTED_CONDITIONS:
            what = untested[0] if untested else node.get("condition") or node.name
            yield manifest.found("sequencing-untested", node, f"It uses {what}.")
        if node.name == "imsss:limitConditions" and number(node.get("attemptLimit")) == 0:
            yield manifest.found("attempt-none", node, "The attempt limit is 0.")


def _threshold(manifest: Manifest, node: Node, edition: str) -> Iterator[Finding]:
    text, attributes = node.text.strip(), sorted(node.attributes)
    if edition != "4th":
        if attributes:
            yield manifest.found("threshold-form", node, f"The {edition} Edition knows no {attributes[0]}.")
        elif misfit("0..1", text):
            yield manifest.found(
                "value-wrong", node, f"The completionThreshold is {shown(text)}, not a number from 0 to 1."
            )
    elif text:
        yield manifest.found("threshold-form", node, f"The threshold is written as text, {shown(text)}.")
    elif "minProgressMeasure" in attributes and node.get("completedByMeasure") not in YES:
        yield manifest.found("threshold-ignored", node, "It gives minProgressMeasure without completedByMeasure.")


def _later(manifest: Manifest, node: Node, edition: str) -> Iterator[Finding]:
    name = node.name if node.name in ONLY_4TH else ""
    if "adlcp:sharedDataGlobalToSystem" in node.attributes:
        name = "adlcp:sharedDataGlobalToSystem"
    if name:
        yield manifest.found("edition", node, f"{name} stands in a manifest of the {edition} Edition.")
