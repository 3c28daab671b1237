/**
 * Names the `node` files that a process has come through since it was asked for a `node`:
 * `PID COUNT FOLDER:FOLDER`. A file in PATH may itself look for the next one there
 * (a version manager, a wrapper), and would find the session's again, without end.
 * The session's `node` and the hook take it away.
 */
export const CHAIN = 'PLATEAU_NODE';

/** A link to the first `node` in PATH when the recording began, for who calls the session's by its path, with a PATH in which there is none. */
export const FIRST = 'first';
