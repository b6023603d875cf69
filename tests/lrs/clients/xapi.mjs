// A session of @xapi/xapi in both versions: send, query, page, void, State, profiles, activities and agents.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { activity, agent, document, endpoint, key, registration, sameIds, secret, statement } from "./told.mjs";

const module = createRequire(import.meta.url)("@xapi/xapi");
const XAPI = module.default ?? module;

for (const version of ["1.0.3", "2.0.0"]) {
  const about = { agent: { ...agent, account: { ...agent.account, name: version } }, activityId: `${activity}/${version}` };
  const made = () => statement({ actor: about.agent, object: { id: about.activityId, definition: { name: { cy: "Diogelu" } } } });
  const lrs = new XAPI({ endpoint, auth: XAPI.toBasicAuth(key, secret), version });
  assert.equal((await lrs.getAbout()).data.version[0], version);

  const sent = Array.from({ length: 5 }, made);
  await lrs.sendStatement({ statement: sent[0] });
  await lrs.sendStatements({ statements: sent.slice(1) });
  assert.equal((await lrs.getStatement({ statementId: sent[0].id })).data.actor.name, agent.name);
  let page = (await lrs.getStatements({ agent: about.agent, limit: 2 })).data;
  const found = [...page.statements];
  while (page.more) {
    page = (await lrs.getMoreStatements({ more: page.more })).data;
    assert.ok(page.statements.length);
    found.push(...page.statements);
  }
  sameIds(found, sent.map((one) => one.id));
  await lrs.voidStatement({ actor: about.agent, statementId: sent[0].id });
  assert.equal((await lrs.getVoidedStatement({ voidedStatementId: sent[0].id })).data.id, sent[0].id);

  const state = { ...about, stateId: "bookmark", registration };
  await lrs.createState({ ...state, state: { page: 1 } });
  const { headers } = await lrs.getState(state);
  const known = { etag: headers.etag ?? headers.get?.("etag"), matchHeader: "If-Match" };
  await lrs.setState({ ...state, state: document, ...known });
  assert.deepEqual((await lrs.getState(state)).data, document);
  assert.deepEqual((await lrs.getStates({ ...about, registration })).data, ["bookmark"]);
  await lrs.deleteState(state);
  await assert.rejects(lrs.getState(state));
  await lrs.deleteStates(about);

  const profile = { activityId: about.activityId, profileId: "p" };
  await lrs.setActivityProfile({ ...profile, profile: document, etag: "*", matchHeader: "If-None-Match" });
  await lrs.createActivityProfile({ ...profile, profile: { page: 4 } });
  assert.deepEqual((await lrs.getActivityProfile(profile)).data, { ...document, page: 4 });
  assert.deepEqual((await lrs.getActivityProfiles({ activityId: about.activityId })).data, ["p"]);
  await assert.rejects(lrs.setActivityProfile({ ...profile, profile: {}, etag: '"x"', matchHeader: "If-Match" }));
  await lrs.deleteActivityProfile(profile);
  const own = { agent: about.agent, profileId: "p" };
  await lrs.createAgentProfile({ ...own, profile: document });
  assert.deepEqual((await lrs.getAgentProfile(own)).data, document);
  await lrs.deleteAgentProfile(own);

  assert.deepEqual((await lrs.getActivity({ activityId: about.activityId })).data.definition, { name: { cy: "Diogelu" } });
  assert.deepEqual((await lrs.getAgent({ agent: about.agent })).data.name, [agent.name]);
}
