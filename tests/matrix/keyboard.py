"""The walk by keyboard: every stop is reached both ways, is seen to be there, and is not covered."""

# WCAG 2.2, success criteria 2.1.2, 2.4.7 and 2.4.11.

from playwright.sync_api import Page

# What can be a stop, one radio button of each group, and how each looks before it is one. Where the focus stands, is
# told by its number among them. An open menu closes when the focus goes elsewhere, so that the walk is within it.
BEGIN = """() => {
  const all = "a[href], button, select, input, textarea, summary, video, audio, [tabindex]";
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: false });
  const group = (one) => one.type === "radio" && one.form && [...one.form.elements[one.name]];
  const alone = (radios, one) => one === (radios.find((it) => it.checked) || radios[0]);
  const first = (one) => !group(one) || alone(group(one), one);
  const near = (one) => [one, one.closest("label"), one.nextElementSibling, one.parentElement].filter(Boolean);
  const look = (one) => near(one).map((it) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(it);
    return outlineStyle === "none" ? boxShadow : [outlineStyle, outlineWidth, outlineColor, boxShadow];
  }).join(";");
  const menu = document.querySelector(".menu[open]");
  const there = [...document.querySelectorAll(menu ? ".menu a" : all)];
  const plain = there.filter((one) => one.tabIndex >= 0 && !one.matches(":disabled")
    && seen(one) && first(one) && (one.localName !== "summary" || one.parentElement.localName === "details"));
  document.activeElement.blur();
  window.walk = { stops: plain, look, looks: plain.map(look), menu };
  if (menu) menu.querySelector("summary").focus();
  else {
    scrollTo(0, 0);
    // From a body that had the focus, the next stop is the first of all.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  }
  return plain.map((one) => one.outerHTML.slice(0, 120));
}"""
OPEN = "() => { if (walk.menu) walk.menu.open = true; }"
# The part of the stop that is in the window must answer to a pointer in its middle.
WHERE = """() => {
  const { stops, looks, look, menu } = window.walk;
  const one = document.activeElement;
  const at = stops.indexOf(one);
  const over = one === document.body || !one || menu;
  if (at < 0) return { at: over ? null : -1, html: one && one.outerHTML.slice(0, 120) };
  const box = one.getClientRects()[0];
  const mid = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const hit = document.elementFromPoint(mid(box.left, box.right, innerWidth), mid(box.top, box.bottom, innerHeight));
  const label = one.closest("label");
  const free = Boolean(hit) && (one.contains(hit) || hit.contains(one) || Boolean(label && label.contains(hit)));
  const behind = [document.body, document.documentElement].includes(hit);
  // A film's controls are the browser's own, and so is the mark on them.
  return { at, free: free && !behind, marked: one.matches("video, audio") || look(one) !== looks[at] };
}"""


def walk(page: Page) -> list[str]:
    """What is wrong with the stops of the page as it stands; a film has stops of its own inside, which count as one."""
    # What is explained lies over the page until Escape, and is not where the walk goes.
    if page.locator(":popover-open").count():
        return []
    stops = page.evaluate(BEGIN)
    there, wrong = _tabbed(page, "Tab", stops)
    page.evaluate(OPEN)
    back, more = _tabbed(page, "Shift+Tab", stops)
    page.evaluate(OPEN)
    # Going back begins where going on has ended.
    for way, reached in (("forwards", there), ("backwards", back)):
        wrong += [f"{way}: never reached: {stops[at]}" for at in range(len(stops)) if at not in reached]
    return wrong + more


def _tabbed(page: Page, key: str, stops: list[str]) -> tuple[set[int], list[str]]:
    """The stops that a key leads to before the page is left or begins again, and what is wrong with them."""
    reached: set[int] = set()
    wrong: list[str] = []
    if key == "Shift+Tab":
        page.evaluate("walk.stops.at(-1).focus()")
    else:
        page.keyboard.press(key)
    last = None
    for _ in range(3 * len(stops) + 20):
        now = page.evaluate(WHERE)
        if now["at"] is None or (now["at"] in reached and now["at"] != last):
            return reached, wrong
        if now["at"] == -1:
            wrong.append(f"an unexpected stop: {now['html']}")
        elif now["at"] != last:
            reached.add(now["at"])
            faults = [
                word for word, bad in (("covered", not now["free"]), ("without a mark", not now["marked"])) if bad
            ]
            wrong += [f"{fault}: {stops[now['at']]}" for fault in faults]
        last = now["at"]
        page.keyboard.press(key)
    return reached, [*wrong, f"a trap: {stops[last] if last else '?'}"]
