/** Tabs: headings side by side on a wide screen; on a narrow one and on paper they stay headings. */

import { blocks } from "../kinds.js";
import { attributes, copies, element } from "./words.js";

// Which tab a key leads to, from the one at a place among so many.
const STEPS = {
  ArrowLeft: (at, all) => (at + all - 1) % all, ArrowRight: (at, all) => (at + 1) % all, Home: () => 0, End: (at, all) => all - 1,
};
const wide = matchMedia("(min-width: 40em)");
let made = 0;

function choose(bar, at) {
  [...bar.children].forEach((tab, place) => {
    tab.setAttribute("aria-selected", place === at);
    tab.tabIndex = place === at ? 0 : -1;
    bar.parentElement.children[place + 1].classList.toggle("open", place === at);
  });
}

function moved(event, bar) {
  const tabs = [...bar.children];
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const place = step(tabs.indexOf(document.activeElement), tabs.length);
  choose(bar, place);
  tabs[place].focus();
}

function build(box) {
  const bar = element("div", { role: "tablist" });
  [...box.children].forEach((panel) => {
    made += 1;
    panel.id = `x-tab-${made}`;
    const own = copies(panel.firstElementChild.childNodes);
    bar.append(element("button", { type: "button", role: "tab", id: `${panel.id}-t`, "aria-controls": panel.id }, ...own));
  });
  box.prepend(bar);
  bar.addEventListener("click", ({ target }) => target !== bar && choose(bar, [...bar.children].indexOf(target.closest("button"))));
  bar.addEventListener("keydown", (event) => moved(event, bar));
  choose(bar, 0);
  roles(box);
}

/** Where the headings stay, there are no tabs to be panels of. */
function roles(box) {
  for (const panel of [...box.children].slice(1)) {
    attributes(panel, { role: "tabpanel", "aria-labelledby": `${panel.id}-t`, tabindex: 0 }, wide.matches);
  }
}

blocks.push({
  wire() {
    wide.addEventListener("change", () => document.querySelectorAll(".tabs").forEach(roles));
  },
  restore: (part) => part.querySelectorAll(".tabs").forEach(build),
});
