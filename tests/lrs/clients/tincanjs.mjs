// A session of tincanjs: send, query, page, State and profiles, each guarded by the hash that it was given.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { activity, agent, document, endpoint, key, registration, sameIds, secret, statement } from "./told.mjs";

const TinCan = createRequire(import.meta.url)("tincanjs");
const lrs = new TinCan.LRS({ endpoint, username: key, password: secret, allowFail: false });
assert.equal(lrs.version, "1.0.2");

/** What a method answers, by its callback. */
function ask(method, ...args) {
  const settings = args.pop();
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error === null ? resolve(result) : reject(new Error(`${method}: ${error}`)));
    lrs[method](...args, { ...settings, callback });
  });
}

const sent = Array.from({ length: 5 }, () => new TinCan.Statement(statement()));
await ask("saveStatement", sent[0], {});
await ask("saveStatements", sent.slice(1), {});
assert.equal((await ask("retrieveStatement", sent[0].id, {})).actor.name, agent.name);
let page = await ask("queryStatements", { params: { agent: new TinCan.Agent(agent), limit: 2 } });
const found = [...page.statements];
while (page.more) {
  page = await ask("moreStatements", { url: page.more });
  found.push(...page.statements);
}
sameIds(found, sent.map((one) => one.id));

const about = { agent: new TinCan.Agent(agent), activity: new TinCan.Activity({ id: activity }) };
const json = { contentType: "application/json" };
const text = JSON.stringify(document);
await ask("saveState", "bookmark", text, { ...about, ...json, registration });
const state = await ask("retrieveState", "bookmark", { ...about, registration });
assert.deepEqual(state.contents, document);
await ask("saveState", "bookmark", '{"page":4}', { ...about, ...json, registration, lastSHA1: state.etag });
await assert.rejects(ask("saveState", "bookmark", "{}", { ...about, ...json, registration, lastSHA1: state.etag }), /412/);
await ask("dropState", "bookmark", { ...about, registration });

for (const [kind, whom] of [["Activity", { activity: about.activity }], ["Agent", { agent: about.agent }]]) {
  await ask(`save${kind}Profile`, "p", text, { ...whom, ...json });
  const profile = await ask(`retrieve${kind}Profile`, "p", whom);
  assert.deepEqual(profile.contents, document);
  await ask(`save${kind}Profile`, "p", '{"page":4}', { ...whom, ...json, lastSHA1: profile.etag });
  await assert.rejects(ask(`save${kind}Profile`, "p", "{}", { ...whom, ...json }), /412/);
  await ask(`drop${kind}Profile`, "p", whom);
}
assert.deepEqual((await ask("retrieveActivity", activity, {})).definition.name, { cy: "Diogelu â gofal" });
