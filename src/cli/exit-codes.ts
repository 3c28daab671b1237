/** Exit codes, the same in every command. */
export const Exit = {
  Fine: 0,
  Finding: 1,
  Usage: 2,
  Inconclusive: 3,
  Input: 4,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

/** The command line itself is wrong; ends with `Exit.Usage`. */
export class UsageError extends Error {}
