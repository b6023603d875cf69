// What every client is told, and what all of them send: nothing here is a client's own.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

export const { KTB_ENDPOINT: endpoint, KTB_KEY: key, KTB_SECRET: secret } = process.env;
export const activity = `https://ktb.vsc.example/${key}`; // each client has an activity and an agent of its own
export const agent = { objectType: "Agent", name: "Siân Ŵyn", account: { homePage: "https://lms.example", name: key } };
export const registration = randomUUID();
export const document = { page: 3, enw: "Siân Ŵyn" };

/** A new statement of the agent about the activity. */
export function statement(more = {}) {
  return {
    id: randomUUID(),
    actor: agent,
    verb: { id: "http://adlnet.gov/expapi/verbs/completed", display: { cy: "wedi cwblhau" } },
    object: { objectType: "Activity", id: activity, definition: { name: { cy: "Diogelu â gofal" } } },
    ...more,
  };
}

/** Fails unless every one of these ids is among what was found, once. */
export function sameIds(found, ids) {
  assert.deepEqual(found.map((one) => one.id).sort(), [...ids].sort());
}
