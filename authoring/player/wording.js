/** How xAPI writes times and words. */

/** A time in seconds as ISO 8601 has it. */
export const duration = (seconds) => `PT${Math.max(0, Math.round(seconds))}S`;

/** Words as a language map. */
export const name = ({ en, cy }) => ({ "en-GB": en, cy });
