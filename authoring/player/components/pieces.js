/** A piece of the portfolio as the learner's state keeps it: when it was last written to, then what is in its fields. */

const DATED = /^([0-9a-z]{6,7})\t/;

/** The text to keep; "" where every field is empty. */
export function packed(values, now = Date.now()) {
  const text = values.map((one) => one.replaceAll("\t", " ")).join("\t").trimEnd();
  return text && `${Math.floor(now / 1000).toString(36)}\t${text}`;
}

/** What `packed` made, or any other text as one field. @returns {{at: number | null, values: string[]}} milliseconds */
export function unpacked(text = "") {
  const [head, at] = DATED.exec(text) || [""];
  return { at: at ? parseInt(at, 36) * 1000 : null, values: text.slice(head.length).split("\t") };
}
