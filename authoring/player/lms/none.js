/** No LMS: everything stays in the browser's own copy. */

/** The eight calls of an adapter, for a package that is opened by itself. */
export class Lms {
  mode = "none";
  open = () => true;
  state = () => ({});
  save = () => true;
  score = () => true;
  answer = () => true;
  status = () => true;
  commit = () => true;
  end = () => true;
}
