/** The list of calls: what the course says to the LMS or to the record store, newest first, and a filter. */

import { element, find, say } from "./words.js";

const MOST = 500;
const WRITES = /^(LMSSetValue|LMSCommit|LMSFinish|LMSInitialize|SetValue|Commit|Terminate|Initialize|POST|PUT|DELETE)\b/;

/** One row more. `values` are the parts of the third column; what is long can be opened. */
export function log(call, values, answer, error) {
  const row = find("calls").insertRow(0);
  const text = values.filter(Boolean).join(" = ");
  const cells = [new Date().toLocaleTimeString("en-GB"), call, text.length > 160 ? long(text) : text, answer, error];
  for (const cell of cells) row.insertCell().append(cell);
  row.dataset.kind = [WRITES.test(call) ? "write" : "", error ? "error" : ""].join(" ");
  row.classList.toggle("is-error", Boolean(error));
  if (find("calls").rows.length > MOST) find("calls").deleteRow(-1);
  hide(row);
  count();
}

/** A call to the record store, as the server tells it. */
export function logRemote({ call, about, body, answer, error }) {
  log(call, [about, told(body)], answer, error);
}

/** A statement in one line before its JSON; anything else as it is. */
function told(body) {
  try {
    const all = [JSON.parse(body)].flat();
    const lines = all.filter((one) => one?.verb).map((one) => `${one.verb.id.split("/").pop()} ${one.object?.id ?? ""}`);
    return [...lines, JSON.stringify(all.length === 1 ? all[0] : all, null, 1)].join("\n");
  } catch {
    return body;
  }
}

function long(text) {
  const [line] = text.split("\n");
  const summary = line.length > 160 ? `${line.slice(0, 160)}…` : line;
  return element("details", {}, element("summary", {}, summary), element("pre", {}, text));
}

function hide(row) {
  const wanted = find("words").value.trim().toLowerCase();
  const kind = find("kind").value;
  row.hidden = !row.textContent.toLowerCase().includes(wanted) || (kind !== "" && !row.dataset.kind.split(" ").includes(kind));
}

function count() {
  const rows = [...find("calls").rows];
  say(find("calls-count"), "{n} of {m} calls", { n: rows.filter((row) => !row.hidden).length, m: rows.length });
}

function filter() {
  for (const row of find("calls").rows) hide(row);
  count();
}

/** Wire the filter. */
export function wireCalls() {
  find("words").addEventListener("input", filter);
  find("kind").addEventListener("change", filter);
  find("empty").addEventListener("click", () => {
    find("calls").replaceChildren();
    count();
  });
  count();
}
