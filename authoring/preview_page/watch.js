/** Brings what a browser complains of to the terminal. A classic script, so that it is there before any other runs. */
(() => {
  const MOST = 50;
  const send = window.fetch.bind(window);
  const told = new Set();

  const short = (address) => {
    try {
      return decodeURIComponent(new URL(address).pathname.replace(/^\/package\/[^/]*\/[^/]*\//, ""));
    } catch {
      return String(address ?? "");
    }
  };

  const tell = (message, file, line) => {
    const body = JSON.stringify({ message: String(message).slice(0, 600), file: short(file), line });
    if (told.has(body) || told.size >= MOST) return;
    told.add(body);
    send("/errors", { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true }).catch(() => {});
  };

  /** The first place of a stack that is not in this file. */
  const placed = (stack) => {
    const places = [...String(stack ?? "").matchAll(/(https?:\/\/[^\s()]+?):(\d+):\d+/g)];
    const [, file, line] = places.find(([, address]) => !address.endsWith("/lms/watch.js")) ?? [];
    return [file ?? location.href, line];
  };

  addEventListener("error", (event) => {
    const { target, message, filename, lineno, error } = event;
    if (target instanceof Element) tell(`cannot load ${short(target.currentSrc || target.src || target.href)}`, location.href);
    else if (filename) tell(message, filename, lineno);
    else tell(message, ...placed(error?.stack));
  }, true);
  addEventListener("unhandledrejection", ({ reason }) => tell(`unhandled rejection: ${reason?.message ?? reason}`, ...placed(reason?.stack)));
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) => {
    tell(`blocked by the Content-Security-Policy (${effectiveDirective}): ${blockedURI}`, sourceFile || location.href, lineNumber || undefined);
  });

  const error = console.error;
  console.error = (...values) => {
    const words = values.map((one) => (one instanceof Error ? `${one.name}: ${one.message}` : typeof one === "object" ? JSON.stringify(one) : String(one)));
    tell(words.join(" "), ...placed((values.find((one) => one instanceof Error) ?? new Error()).stack));
    error.apply(console, values);
  };
})();
