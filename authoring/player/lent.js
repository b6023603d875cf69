/** What the first script lends to those that are fetched after it, so that nothing has to be written twice. */

import { attributes, byId, copies, dated, either, element, fill, kept, spans, tag, words } from "./components/words.js";
import { Copies } from "./copies.js";
import { blocks, extras, kinds } from "./kinds.js";

export const lent = {
  attributes, blocks, byId, copies, Copies, dated, either, element, extras, fill, kept, kinds, spans, tag, words,
};
