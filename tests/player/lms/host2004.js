/* A learning system's page around scorm-again's SCORM 2004 API, strict where scorm-again is lenient.
   Query: reg, learner, sco (path of what is launched), depth=N frames, cmi.mode, language, passing (scaled passing score), api=again|absent|begun.
   Tests reach window.lms: calls, faults {fail, failOn, code, throws}, ready. */
"use strict";
(async () => {
  const query = new URLSearchParams(location.search);
  const reg = query.get("reg") || "r1";
  const lms = (window.lms = { calls: [], faults: window.firstFaults || {}, ready: false });

  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/lib/scorm2004.min.js";
    Object.assign(script, { onload: resolve, onerror: reject });
    document.head.append(script);
  });
  const saved = await (await fetch(`/state?reg=${reg}`)).json();
  const real = new window.Scorm2004API({ lmsCommitUrl: `/commit?reg=${reg}`, autocommit: false, alwaysSendTotalTime: true, logLevel: 5 });
  const cmi = saved ? saved.cmi : {};
  Object.assign(cmi, {
    learner_id: query.get("learner") || "l-1", learner_name: "Ŵyn, Siân", credit: "credit", mode: query.get("lesson_mode") || "normal",
    entry: saved ? "resume" : "ab-initio", session_time: undefined, exit: undefined,
    learner_preference: { language: query.get("language") || "" },
  });
  if (query.get("passing")) cmi.scaled_passing_score = query.get("passing");
  real.loadFromJSON(JSON.parse(JSON.stringify(cmi)), "cmi");

  // What the standard says of values and scorm-again does not hold anybody to.
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
  const pattern = (value, name) => {
    const type = types[name.split(".")[2]];
    if (type === "numeric") return /^(-?\d+(\.\d+)?)?\[:\](-?\d+(\.\d+)?)?$/.test(value);
    return response(value.replace(/^(\{(case_matters|order_matters|lang)=[^}]*\})*/, ""), name);
  };
  const STRICT = [
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
  let forced = null;
  const api = { version: "1.0" };
  for (const name of ["Initialize", "Terminate", "GetValue", "SetValue", "Commit"]) {
    api[name] = (...args) => {
      const { throws, fail = [], failOn, code = "101" } = lms.faults;
      const typed = args.every((one) => typeof one === "string");
      const wrong = name === "SetValue" && STRICT.some(([place, good]) => place.test(args[0]) && !good(String(args[1]), args[0]));
      let answer = name === "GetValue" ? "" : "false";
      forced = null;
      if (throws === name) {
        lms.calls.push([name, ...args, "throws"]);
        throw new Error("the API threw");
      }
      if (fail.includes(name) || (name === "SetValue" && failOn && new RegExp(failOn).test(args[0]))) forced = code;
      else if (wrong || !typed) forced = "406";
      else answer = real[name](...args);
      if (name === "SetValue" && answer === "true" && /\.type$/.test(args[0])) types[args[0].split(".")[2]] = args[1];
      lms.calls.push([name, ...args.map(String), String(answer)]);
      return answer;
    };
  }
  api.GetLastError = () => forced ?? String(real.GetLastError());
  api.GetErrorString = (code) => real.GetErrorString(code);
  api.GetDiagnostic = (code) => real.GetDiagnostic(code);
  const kind = query.get("api") || "again";
  if (kind === "begun") real.Initialize("");
  if (kind !== "absent") window.API_1484_11 = api;
  // An API of the other generation, which some systems show as well, is not what this package is for.
  window.API = new Proxy({}, { get: (target, name) => () => (lms.calls.push(["1.2", String(name)]), "true") });

  let [doc, at] = [document, document.getElementById("stage")];
  for (let depth = 0; depth < +(query.get("depth") || 0); depth++) {
    const frame = doc.createElement("iframe");
    at.append(frame);
    doc = frame.contentDocument;
    at = doc.body;
  }
  at.append(Object.assign(doc.createElement("iframe"), { title: "Course", id: "sco", src: query.get("sco") || "/course/index.html" }));
  lms.ready = true;
})();
