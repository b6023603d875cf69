/** Putting steps in order: a button moves a step up, another moves it down; nothing is dragged. */

import { blocks, kinds } from "../kinds.js";
import { fill, kept } from "./words.js";

const steps = (form) => [...form.querySelectorAll(".steps > li")];

/** The first cannot go up, nor the last down. */
function drawEnds(list) {
  for (const step of list.children) {
    const [up, down] = step.querySelectorAll("button");
    up.disabled = step === list.firstElementChild;
    down.disabled = step === list.lastElementChild;
  }
}

/** The button that was pressed keeps the focus, or hands it to the other where it can do no more. */
function move(button) {
  const step = button.closest("li");
  const list = step.parentElement;
  if (button.dataset.move === "up") step.previousElementSibling.before(step);
  else step.nextElementSibling.after(step);
  drawEnds(list);
  [button, ...step.querySelectorAll("button")].find((one) => !one.disabled).focus();
  const place = [...list.children].indexOf(step) + 1;
  const told = (lang) => `${step.querySelector(`.t[lang=${lang}]`).textContent}: ${place}`;
  fill(list.nextElementSibling, kept("of"), { n: { en: told("en"), cy: told("cy") }, m: list.children.length });
}

blocks.push({
  wire() {
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-move]");
      if (button) move(button);
    });
  },
});

kinds.order = {
  marks: ({ options }, given) => options.map((id, at) => given[at] === id),
  legal: ({ options }, given) => [...given].sort().join() === [...options].sort().join(),
  given: (form) => steps(form).map((step) => step.dataset.step),
  put(form, given) {
    const list = form.querySelector(".steps");
    list.append(...given.map((id) => steps(form).find((step) => step.dataset.step === id)));
    drawEnds(list);
  },
  lack: () => null,
  parts: steps,
};
