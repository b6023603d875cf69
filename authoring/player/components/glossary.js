/** Glossary terms: a press shows the meaning beside the words, Escape puts it away. */

import { blocks } from "../kinds.js";
import { byId, copies, element } from "./words.js";

const GAP = 8;

/** Open meanings beside their links; without popovers, and until this script is here, a link leads to the glossary. */
function wireGlossary() {
  const box = byId("x-meaning");
  const [name, meaning, other, close] = box.children;
  let from = null;

  // Heard on the way down, before the player follows the link.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.term");
    const term = link && byId(link.hash.slice(1));
    if (!term || !box.showPopover) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    from = link;
    draw(term, link);
    box.showPopover();
    place(link);
    box.focus();
  }, true);

  function draw(term, link) {
    const shown = link.closest(".t")?.lang || document.documentElement.lang;
    const twin = [...term.children].find((one) => one.lang !== shown);
    name.replaceChildren(...copies(term.children));
    meaning.replaceChildren(...copies(term.nextElementSibling.children));
    other.replaceChildren(twin.lang === "cy" ? "Cymraeg: " : "English: ", element("span", { lang: twin.lang }, twin.textContent));
  }

  /** Under the words where there is room for it; a narrow screen has it at its foot. */
  function place(link) {
    const words = link.getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const below = words.bottom + GAP;
    const top = below + size.height < innerHeight ? below : Math.max(GAP, words.top - size.height - GAP);
    const left = Math.max(GAP, Math.min(words.left, innerWidth - size.width - 2 * GAP));
    box.style.cssText = innerWidth > 640 ? `inset: ${top}px auto auto ${left}px; margin: 0` : "";
  }

  close.addEventListener("click", () => box.hidePopover());
  box.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && (box.contains(document.activeElement) || document.activeElement === document.body)) from?.focus();
  });
}

blocks.push({ wire: wireGlossary });
