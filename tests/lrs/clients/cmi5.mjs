// A session of @xapi/cmi5: fetches its token, reads its launch data and the learner's preferences, and reports.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { activity, agent, endpoint, key, registration, sameIds, secret } from "./told.mjs";

// The package is one for browsers. It speaks of the window only to read its launch from there, which is not done here.
const require = createRequire(import.meta.url);
globalThis.XMLHttpRequest = require("xhr2");
const found = await import(require.resolve("@xapi/cmi5/dist/Cmi5.umd.js"));
const Cmi5 = [found.default?.default, found.default, found.Cmi5].find((one) => typeof one === "function");
const token = Buffer.from(`${key}:${secret}`).toString("base64");
const headers = { Authorization: `Basic ${token}`, "X-Experience-API-Version": "1.0.3", "Content-Type": "application/json" };
const query = (more) => new URLSearchParams({ agent: JSON.stringify(agent), ...more });

// What an LMS does before it launches.
const launchData = {
  launchMode: "Normal",
  moveOn: "CompletedAndPassed",
  contextTemplate: {
    contextActivities: { grouping: [{ id: `${activity}/publisher` }] },
    extensions: { "https://w3id.org/xapi/cmi5/context/extensions/sessionid": "s" },
  },
};
const stored = await fetch(
  `${endpoint}activities/state?${query({ activityId: activity, registration, stateId: "LMS.LaunchData" })}`,
  { method: "PUT", headers, body: JSON.stringify(launchData) },
);
assert.equal(stored.status, 204);
const preferences = await fetch(`${endpoint}agents/profile?${query({ profileId: "cmi5LearnerPreferences" })}`, {
  method: "PUT",
  headers: { ...headers, "If-None-Match": "*" },
  body: JSON.stringify({ languagePreference: "cy,en-GB" }),
});
assert.equal(preferences.status, 204);
const tokens = createServer((_, answer) => {
  answer.setHeader("Content-Type", "application/json");
  answer.end(JSON.stringify({ "auth-token": token }));
});
await new Promise((listening) => tokens.listen(0, "127.0.0.1", listening));

const au = new Cmi5({
  fetch: `http://127.0.0.1:${tokens.address().port}/`, endpoint, actor: agent, activityId: activity, registration,
});
try {
  await au.initialize();
  assert.deepEqual(au.launchData, launchData);
  assert.equal(au.getLearnerPreferences().languagePreference, "cy,en-GB");
  await au.progress(50);
  await au.interactionTrueFalse("t", "q", true, true, { cy: "Cwestiwn" });
  await au.pass({ scaled: 0.9 });
  await au.complete();
  await au.terminate();
} finally {
  tokens.close();
}

const all = await (await fetch(`${endpoint}statements?${new URLSearchParams({ registration })}`, { headers })).json();
const verbs = all.statements.map((one) => one.verb.id.split("/").pop()).reverse();
assert.deepEqual(verbs, ["initialized", "progressed", "answered", "passed", "completed", "terminated"]);
sameIds(all.statements, new Set(all.statements.map((one) => one.id)));
