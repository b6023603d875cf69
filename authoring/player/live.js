/** Statements as they happen, to the record store that the course names; the LMS is told all the same. */

import { Copies, fromJson } from "./copies.js";
import { extras } from "./kinds.js";
import { Queue } from "./queue.js";
import { Statements, uuid } from "./statements.js";
import { telling } from "./telling.js";

// A request that is never answered must not hold up those behind it.
const TOKEN = 30000;

/** Begin; the registration is kept in the learner's state. */
extras.live = ({ outline, state, learner, local }) => {
  state.registration ||= uuid();
  const { registration } = state;
  const actor = { objectType: "Agent", account: { homePage: location.origin, name: learner } };
  const statements = new Statements(outline, { actor, registration });
  const queue = new Queue({ learner, registration, local, send: sender(outline, { learner, registration }) });
  queue.add(statements.about("initialized"));
  return telling(queue, statements);
};

/** What posts to a store that gives a token for the public id of the package; the tab keeps the token. */
function sender({ "record-store": store, package: pack }, who) {
  const tab = new Copies("sessionStorage");
  const name = `ktb-token:${who.registration}:${who.learner}`;
  let access = usable(tab.get(name));
  let renewed = false;

  /** @returns {Promise<Response | undefined>} a refusal */
  async function launch() {
    const response = await post(`${store.replace(/\/$/, "")}/launch/packages/${pack}`, who);
    const text = await response.text();
    access = usable(text);
    if (access) tab.set(name, text);
    // A package that the store does not know is not wanted, whichever way that is said.
    if (!response.ok) return response.status < 500 && response.status !== 429 ? { status: 403 } : response;
  }

  return async function send(batch, leaving) {
    const refusal = access || leaving ? null : await launch();
    if (refusal) return refusal;
    const headers = { "X-Experience-API-Version": "1.0.3", Authorization: `Bearer ${access.token}` };
    const response = await post(`${access.endpoint.replace(/\/?$/, "/")}statements`, batch, headers, leaving);
    if (response.status !== 401 && response.status !== 403) return response;
    tab.drop(name);
    access = null;
    if (response.status === 403 || renewed) return response;
    // The token ran out: ask for another, once.
    renewed = true;
    return send(batch);
  };
}

function post(address, body, headers = {}, keepalive = false) {
  const init = { method: "POST", credentials: "omit", keepalive, signal: AbortSignal.timeout?.(TOKEN), body: JSON.stringify(body) };
  return fetch(address, { ...init, headers: { "Content-Type": "application/json", ...headers } });
}

/** A token that can be used, or null; its text may come from another page of this origin. */
function usable(text) {
  const { endpoint, token, expires } = fromJson(text) || {};
  return typeof endpoint === "string" && typeof token === "string" && !(Date.parse(expires) < Date.now()) ? { endpoint, token } : null;
}
