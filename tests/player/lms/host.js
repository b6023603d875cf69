/* A learning system's page around scorm-again's API of one generation of SCORM, strict where scorm-again is lenient.
   The page says which (data-standard). Query: reg, learner, entry, mode=iframe|popup, sco (path of what is launched),
   depth=N frames, lesson_mode, credit, language, passing (scaled passing score),
   api=again|absent|late|begun|deaf (takes all, gives back nothing)|mute (answers "" to all).
   Tests reach window.lms: calls, faults {fail, failOn, code, throws}, ready. */
"use strict";
const query = new URLSearchParams(location.search);
const old = document.currentScript.dataset.standard === "1.2";
const lms = (window.lms = { calls: [], faults: window.firstFaults || {}, ready: false });
const CALLS = ["Initialize", "Terminate", "GetValue", "SetValue", "Commit"];
/** A call's name in this generation. */
const named = (name) => (old ? `LMS${name === "Terminate" ? "Finish" : name}` : name);

function loaded(address) {
  return new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject }));
  });
}

/** What the system knows of the learner, beside what was committed before. */
function launched(cmi, resumed) {
  const learner = query.get("learner") ?? "l-1";
  const common = {
    entry: query.get("entry") ?? (resumed ? "resume" : "ab-initio"), credit: query.get("credit") || "credit", session_time: undefined, exit: undefined,
  };
  const mode = query.get("lesson_mode") || "normal";
  const language = query.get("language") || "";
  if (old) {
    cmi.core = { ...cmi.core, ...common, student_id: learner, student_name: "Ŵyn, Siân", lesson_mode: mode };
    if (language) cmi.student_preference = { language };
  } else {
    Object.assign(cmi, common, { learner_id: learner, learner_name: "Ŵyn, Siân", mode, learner_preference: { language } });
    if (query.get("passing")) cmi.scaled_passing_score = query.get("passing");
  }
  return JSON.parse(JSON.stringify(cmi));
}

// The limits of SCORM 1.2 that scorm-again leaves out.
const STRICT12 = [
  [/^cmi\.suspend_data$/, (value) => value.length <= 4096],
  [/^cmi\.core\.lesson_location$/, (value) => value.length <= 255],
  [/\.student_response$/, (value) => value.length <= 255],
  [/^cmi\.interactions\.\d+\.id$/, (value) => /^[A-Za-z0-9_-]{1,255}$/.test(value)],
  [/^cmi\.core\.score\.(raw|min|max)$/, (value) => value !== "" && +value >= 0 && +value <= 100],
  [/^cmi\.core\.session_time$/, (value) => /^\d{4}:\d\d:\d\d\.\d\d$/.test(value)],
];

// What SCORM 2004 says of values and scorm-again does not hold anybody to.
const TIME = /^(19[7-9]\d|20[0-3]\d)(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d(\.\d{1,2}(Z|[+-]\d\d(:\d\d)?)?)?)?)?)?)?)?$/;
const SPAN = /^P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d{1,2})?S)?)?$/;
const ID = "[\\w.]{1,250}";
const real10 = (value) => /^-?\d+(\.\d{1,7})?$/.test(value);
const RESPONSES = {
  "true-false": /^(true|false)$/, choice: new RegExp(`^${ID}(\\[,\\]${ID})*$`), sequencing: new RegExp(`^${ID}(\\[,\\]${ID})*$`),
  matching: new RegExp(`^${ID}\\[\\.\\]${ID}(\\[,\\]${ID}\\[\\.\\]${ID})*$`), numeric: /^-?\d+(\.\d+)?$/, likert: new RegExp(`^${ID}$`),
  "fill-in": /^.{1,250}(\[,\].{1,250}){0,9}$/,
};
const types = {};
const response = (value, name) => RESPONSES[types[name.split(".")[2]]]?.test(value);
function pattern(value, name) {
  if (types[name.split(".")[2]] === "numeric") return /^(-?\d+(\.\d+)?)?\[:\](-?\d+(\.\d+)?)?$/.test(value);
  return response(value.replace(/^(\{(case_matters|order_matters|lang)=[^}]*\})*/, ""), name);
}
const STRICT2004 = [
  [/^cmi\.suspend_data$/, (value) => value.length <= 64000], [/^cmi\.location$/, (value) => value.length <= 1000],
  [/\.(learner_response)$/, response], [/\.pattern$/, pattern], [/\.timestamp$/, (value) => TIME.test(value)],
  [/\.(session_time|latency)$/, (value) => SPAN.test(value)], [/\.score\.scaled$/, (value) => real10(value) && Math.abs(value) <= 1],
  [/\.score\.(raw|min|max)$/, real10], [/progress_measure$/, (value) => real10(value) && value >= 0 && value <= 1],
  [/\.result$/, (value) => ["correct", "incorrect", "unanticipated", "neutral"].includes(value) || real10(value)],
  [/^cmi\.completion_status$/, (value) => ["completed", "incomplete", "not attempted", "unknown"].includes(value)],
  [/^cmi\.success_status$/, (value) => ["passed", "failed", "unknown"].includes(value)],
  [/^cmi\.exit$/, (value) => ["time-out", "suspend", "logout", "normal", ""].includes(value)],
  [/^cmi\.interactions\.\d+\.(?!id$|type$)/, (value, name) => name.split(".")[2] in types],
];

/** scorm-again's calls, written down, held to the standard, and failing where a test wants them to. */
function strictly(real) {
  let forced = null;
  const api = old ? {} : { version: "1.0" };
  for (const name of CALLS) {
    api[named(name)] = (...args) => {
      const { throws, fail = [], failOn, code = "101" } = lms.faults;
      const wrong = name === "SetValue" && (old ? STRICT12 : STRICT2004).some(([place, good]) => place.test(args[0]) && !good(String(args[1]), args[0]));
      const typed = args.every((one) => typeof one === "string");
      let answer = name === "GetValue" ? "" : "false";
      forced = null;
      if (throws === name) {
        lms.calls.push([name, ...args, "throws"]);
        throw new Error("the API threw");
      }
      if (fail.includes(name) || (name === "SetValue" && failOn && new RegExp(failOn).test(args[0]))) forced = code;
      else if (wrong || !typed) forced = old ? "405" : "406";
      else answer = real[named(name)](...args);
      if (name === "SetValue" && answer === "true" && /\.type$/.test(args[0])) types[args[0].split(".")[2]] = args[1];
      lms.calls.push([name, ...args.map(String), String(answer)]);
      return answer;
    };
  }
  api[named("GetLastError")] = () => forced ?? String(real[named("GetLastError")]());
  for (const name of ["GetErrorString", "GetDiagnostic"]) api[named(name)] = (code) => real[named(name)](code);
  return api;
}

/** A system that gives the same answer to everything but a question for a value. */
function saying(word) {
  const api = { [named("GetLastError")]: () => word && "0" };
  for (const name of CALLS) {
    api[named(name)] = (...args) => {
      const answer = name === "GetValue" ? "" : word;
      lms.calls.push([name, ...args, answer]);
      return answer;
    };
  }
  return api;
}

function show(address) {
  let [doc, at] = [document, document.getElementById("stage")];
  for (let depth = 0; depth < +(query.get("depth") || 0); depth++) {
    const frame = doc.createElement("iframe");
    at.append(frame);
    doc = frame.contentDocument;
    at = doc.body;
  }
  at.append(Object.assign(doc.createElement("iframe"), { title: "Course", id: "sco", src: address }));
}

(async () => {
  const reg = query.get("reg") || "r1";
  await loaded(`/lib/${old ? "scorm12" : "scorm2004"}.min.js`);
  const saved = await (await fetch(`/state?reg=${reg}`)).json();
  const settings = { lmsCommitUrl: `/commit?reg=${reg}`, autocommit: false, alwaysSendTotalTime: true, logLevel: 5 };
  const real = new (old ? window.Scorm12API : window.Scorm2004API)(settings);
  real.loadFromJSON(launched(saved ? saved.cmi : {}, Boolean(saved)), "cmi");
  const kind = query.get("api") || "again";
  const api = kind === "deaf" ? saying("true") : kind === "mute" ? saying("") : strictly(real);
  if (kind === "begun") real[named("Initialize")]("");
  const place = old ? "API" : "API_1484_11";
  if (kind === "late") setTimeout(() => { window[place] = api; }, 800);
  else if (kind !== "absent") window[place] = api;
  // An API of the other generation, which some systems show as well, is not what this package is for.
  window[old ? "API_1484_11" : "API"] = new Proxy({}, { get: (target, name) => () => (lms.calls.push(["other", String(name)]), "true") });

  const address = query.get("sco") || "/course/index.html";
  const button = document.getElementById("popup");
  button.hidden = query.get("mode") !== "popup";
  button.onclick = () => window.open(address, "sco", "width=800,height=600");
  if (button.hidden) show(address);
  lms.ready = true;
})();
