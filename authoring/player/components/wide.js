/** Tables that are wider than their place: they scroll by keyboard too, and say what they are; the others are no stop. */

import { blocks } from "../kinds.js";
import { attributes } from "./words.js";

const watch = new ResizeObserver((all) => {
  for (const { target } of all) {
    const name = target.querySelector("caption, thead")?.innerText;
    attributes(target, { role: "region", tabindex: 0, "aria-label": name }, target.scrollWidth > target.clientWidth);
  }
});

blocks.push({ restore: (part) => part.querySelectorAll(".wide").forEach((one) => watch.observe(one)) });
