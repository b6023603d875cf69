/** For each format: the object that an LMS of its standard offers, and how a learner in a state is kept in it. */

import { createApi } from "./api.js";
import { createApi2004 } from "./api2004.js";
import { held12, held2004, heldCmi5, heldXapi } from "./states.js";

const SCORM12 = { name: "API", create: createApi, held: held12, limit: 4096, family: "1.2" };
const SCORM2004 = { name: "API_1484_11", create: createApi2004, held: held2004, limit: 64000, family: "2004" };

export const RUNTIMES = {
  scorm12: SCORM12,
  "scorm2004-3": SCORM2004,
  "scorm2004-4": SCORM2004,
  cmi5: { remote: true, held: heldCmi5, limit: Infinity, family: "cmi5" },
  xapi: { remote: true, held: heldXapi, limit: Infinity, family: "xapi" },
  web: { limit: Infinity, family: "web" },
};

/** What an LMS shows of a learner: status, score, place and the size of what is saved. */
export function summary(data) {
  const old = data["cmi.core.lesson_status"];
  const parts = [data["cmi.completion_status"], data["cmi.success_status"]].filter(Boolean);
  const raw = data["cmi.core.score.raw"] ?? data["cmi.score.raw"];
  return {
    status: old ?? (parts.length ? parts.join(", ") : "not attempted"),
    score: raw === undefined || raw === "" ? "–" : raw,
    place: data["cmi.core.lesson_location"] || data["cmi.location"] || "–",
    size: (data["cmi.suspend_data"] ?? "").length,
  };
}
