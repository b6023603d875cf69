/** The second script: the blocks that the first page may do without. It is fetched before a page that has one is shown. */

import { blocks } from "./kinds.js";
import "./interactions.js";
import "./lms/noted12.js";
import "./lms/noted2004.js";
import "./components/pool.js";
import "./components/match.js";
import "./components/order.js";
import "./components/fill.js";
import "./components/number.js";
import "./components/tabs.js";
import "./components/scenario.js";
import "./components/media.js";
import "./components/reflect.js";
import "./components/share.js";
import "./components/count.js";
import "./components/glossary.js";

const { currentScript: own } = document;

for (const { wire } of blocks) wire?.(own.kit);
own.parts = blocks;
