/** Glossary terms: a press shows the meaning beside the words, Escape puts it away. */

import { element } from "./words.js";

const GAP = 8;

/** Open meanings beside their links; a browser without popovers follows the link to the glossary. */
export function wireGlossary(box) {
  const [name, meaning, other, close] = box.children;
  let from = null;

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.term");
    const term = link && document.getElementById(link.hash.slice(1));
    if (!term || !box.showPopover) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    from = link;
    draw(term, link);
    box.showPopover();
    place(link);
    box.focus();
  });

  function draw(term, link) {
    const copies = (of) => [...of.children].map((one) => one.cloneNode(true));
    const shown = link.closest(".t")?.lang || document.documentElement.lang;
    const twin = [...term.children].find((one) => one.lang !== shown);
    name.replaceChildren(...copies(term));
    meaning.replaceChildren(...copies(term.nextElementSibling));
    other.replaceChildren(twin.lang === "cy" ? "Cymraeg: " : "English: ", element("span", { lang: twin.lang }, twin.textContent));
  }

  /** Under the words where there is room for it; a narrow screen has it at its foot. */
  function place(link) {
    const words = link.getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const beside = innerWidth > 640;
    const below = words.bottom + GAP + size.height < innerHeight;
    box.style.inset = beside ? "auto" : "";
    box.style.margin = beside ? "0" : "";
    box.style.left = beside ? `${Math.max(GAP, Math.min(words.left, innerWidth - size.width - 2 * GAP))}px` : "";
    box.style.top = beside ? `${below ? words.bottom + GAP : Math.max(GAP, words.top - size.height - GAP)}px` : "";
  }

  close.addEventListener("click", () => box.hidePopover());
  box.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && (box.contains(document.activeElement) || document.activeElement === document.body)) from?.focus();
  });
}
