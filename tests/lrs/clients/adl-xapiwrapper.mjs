// A session of adl-xapiwrapper: send, query, page, State, profiles, activities and agents.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { activity, agent, document, endpoint, key, registration, sameIds, secret, statement } from "./told.mjs";

const adl = createRequire(import.meta.url)("adl-xapiwrapper");
const lrs = new adl.XAPIWrapper({ url: endpoint, auth: { user: key, pass: secret } });

/** The status and the body that a method is answered with. */
function ask(method, ...args) {
  return new Promise((resolve, reject) => {
    lrs[method](...args, (error, response, body) => {
      if (error) reject(new Error(`${method}: ${error}`));
      else resolve({ status: response.statusCode, tag: response.headers.etag, body });
    });
  });
}

async function read(method, ...args) {
  const { status, body } = await ask(method, ...args);
  assert.equal(status, 200, body);
  return JSON.parse(body);
}

const sent = Array.from({ length: 5 }, () => statement());
assert.equal((await ask("sendStatements", sent)).status, 200);
let page = await read("getStatements", { agent: JSON.stringify(agent), limit: 2 }, null);
const found = [...page.statements];
while (page.more) {
  page = await read("getStatements", null, page.more);
  found.push(...page.statements);
}
sameIds(found, sent.map((one) => one.id));

assert.equal((await ask("sendState", activity, agent, "s", registration, { page: 1 }, null, null)).status, 204);
assert.equal((await ask("sendState", activity, agent, "s", registration, document, null, null)).status, 204);
assert.deepEqual(await read("getState", activity, agent, "s", registration, null), document);
assert.deepEqual(await read("getState", activity, agent, null, registration, new Date(0)), ["s"]);
for (const [kind, whom] of [["Activity", activity], ["Agent", agent]]) {
  const send = (value, match, none) => ask(`send${kind}Profile`, whom, "p", value, match, none);
  assert.equal((await send(document, null, null)).status, 204);
  assert.deepEqual(await read(`get${kind}Profile`, whom, "p", null), document);
  assert.equal((await send("plain", null, "*")).status, 412);
  const { tag } = await ask(`get${kind}Profile`, whom, "p", null);
  assert.equal((await send("plain", tag, null)).status, 204);
  assert.equal((await ask(`get${kind}Profile`, whom, "p", null)).body, "plain");
}
assert.deepEqual((await read("getActivities", activity)).definition.name, { cy: "Diogelu â gofal" });
assert.deepEqual((await read("getAgents", agent)).name, [agent.name]);
