/** The second script: the portfolio and the self-check. Its element carries the player's kit and what the build told. */

import { drawDoctor } from "./doctor.js";
import { drawPortfolio } from "./portfolio.js";

const { kit, told } = document.currentScript;

document.currentScript.parts = {
  portfolio: (place) => drawPortfolio(place, kit, told),
  doctor: (place) => drawDoctor(place, kit),
};
