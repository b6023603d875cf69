/* A learning system's page around scorm-again's SCORM 1.2 API, strict where scorm-again is lenient.
   Query: reg, learner, mode=iframe|popup, depth=N frames, api=again|absent|deaf|late, lesson_mode, language.
   Tests reach window.lms: calls, faults {fail, failOn, code, throws}, ready. */
"use strict";
(async () => {
  const query = new URLSearchParams(location.search);
  const reg = query.get("reg") || "r1";
  const lms = (window.lms = { calls: [], faults: window.firstFaults || {}, ready: false });

  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/lib/scorm12.min.js";
    Object.assign(script, { onload: resolve, onerror: reject });
    document.head.append(script);
  });
  const saved = await (await fetch(`/state?reg=${reg}`)).json();
  const real = new window.Scorm12API({ lmsCommitUrl: `/commit?reg=${reg}`, autocommit: false, alwaysSendTotalTime: true, logLevel: 5 });
  const cmi = saved ? saved.cmi : {};
  cmi.core = {
    ...cmi.core, student_id: query.get("learner") || "l-1", student_name: "Ŵyn, Siân", session_time: undefined, exit: undefined,
    entry: saved ? "resume" : "ab-initio", lesson_mode: query.get("lesson_mode") || "normal", credit: "credit",
  };
  if (query.get("language")) cmi.student_preference = { language: query.get("language") };
  real.loadFromJSON(JSON.parse(JSON.stringify(cmi)), "cmi");

  // The limits of the standard that scorm-again leaves out.
  const STRICT = [
    [/^cmi\.suspend_data$/, (value) => value.length <= 4096],
    [/^cmi\.core\.lesson_location$/, (value) => value.length <= 255],
    [/\.student_response$/, (value) => value.length <= 255],
    [/^cmi\.interactions\.\d+\.id$/, (value) => /^[A-Za-z0-9_-]{1,255}$/.test(value)],
    [/^cmi\.core\.score\.(raw|min|max)$/, (value) => value !== "" && +value >= 0 && +value <= 100],
    [/^cmi\.core\.session_time$/, (value) => /^\d{4}:\d\d:\d\d\.\d\d$/.test(value)],
  ];
  let forced = null;
  const api = {};
  for (const name of ["Initialize", "Finish", "GetValue", "SetValue", "Commit"]) {
    api[`LMS${name}`] = (...args) => {
      const { throws, fail = [], failOn, code = "101" } = lms.faults;
      const wrong = name === "SetValue" && STRICT.some(([pattern, good]) => pattern.test(args[0]) && !good(String(args[1])));
      let answer = name === "GetValue" ? "" : "false";
      forced = null;
      if (throws === name) {
        lms.calls.push([name, ...args, "throws"]);
        throw new Error("the API threw");
      }
      if (fail.includes(name) || (name === "SetValue" && failOn && new RegExp(failOn).test(args[0]))) forced = code;
      else if (wrong) forced = "405";
      else answer = real[`LMS${name}`](...args);
      lms.calls.push([name, ...args.map(String), String(answer)]);
      return answer;
    };
  }
  api.LMSGetLastError = () => forced ?? String(real.LMSGetLastError());
  api.LMSGetErrorString = (code) => real.LMSGetErrorString(code);
  api.LMSGetDiagnostic = (code) => real.LMSGetDiagnostic(code);

  // A system that says "true" to everything and cannot be read back.
  const deaf = {
    LMSInitialize: () => "true", LMSFinish: () => "true", LMSCommit: () => "true", LMSGetLastError: () => "0", LMSGetValue: () => "",
    LMSSetValue: (...args) => (lms.calls.push(["SetValue", ...args, "true"]), "true"),
  };
  const kind = query.get("api") || "again";
  if (kind === "late") setTimeout(() => { window.API = api; }, 800);
  else if (kind !== "absent") window.API = kind === "deaf" ? deaf : api;

  const stage = document.getElementById("stage");
  const address = query.get("sco") || "/course/index.html";
  if (query.get("mode") === "popup") {
    const button = document.getElementById("popup");
    button.hidden = false;
    button.onclick = () => window.open(address, "sco", "width=800,height=600");
  } else {
    let [doc, at] = [document, stage];
    for (let depth = 0; depth < +(query.get("depth") || 0); depth++) {
      const frame = doc.createElement("iframe");
      at.append(frame);
      doc = frame.contentDocument;
      at = doc.body;
    }
    const frame = Object.assign(doc.createElement("iframe"), { title: "Course", id: "sco", src: address });
    at.append(frame);
  }
  lms.ready = true;
})();
