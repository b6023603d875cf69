/** The kinds of question and of block that a course may use; the build leaves out those that it does not. */

/**
 * Types of question that are more than radio buttons and tick boxes, each with
 * `marks(question, given)` -> whether each part of the answer is right, and `legal(question, given)`;
 * and for its form `given(form)`, `put(form, given)`, `lack(form)` -> null or [words, field], `parts(form)`.
 */
export const kinds = {};

/**
 * Blocks that do more than stand there: `wire({session, changed, live})`, `restore(part, session, cut)`, `speak()`,
 * `cut(keys)`, which hears of writing that the LMS could not take whole, and `sent()`, which hears that the record
 * store may have taken something; `live()` is what speaks with it, if anything does.
 */
export const blocks = [];

/** What may take part beside the LMS, by name. */
export const extras = {};
