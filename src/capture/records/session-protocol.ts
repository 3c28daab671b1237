import type { InferOutput } from 'valibot';
import type { fromAgentSchema } from './session-schemas';

/**
 * Between the recorder and the agents of the processes of a recording: JSON lines over a
 * local socket in the session's folder (a named pipe on Windows). One connection a
 * process; one more for each inspector that the recorder opens, whose first line is
 * `channel` and all others are the inspector's own.
 */

/**
 * `stopped`: all threads have ended their profiles, or could not within ten seconds. Of heap
 * recordings: `ended`, the program is done and waits for `release`; `thread`, a worker has started
 * and waits for its `go`; `thread-ended`, it is done, or about to be ended from outside, and waits
 * for its `release`.
 */
export type FromAgent = InferOutput<typeof fromAgentSchema>;

export type ToAgentProcess =
  /** The program, or a worker of it, may begin; heap recordings only. */
  | { readonly kind: 'go'; readonly threadId?: number }
  | { readonly kind: 'release'; readonly threadId?: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'connect'; readonly id: number; readonly threadId: number };
