/**
 * Between the recorder and the agents of the processes of a recording: JSON lines over a
 * local socket in the session's folder (a named pipe on Windows). One connection a
 * process; one more for each inspector that the recorder opens, whose first line is
 * `channel` and all others are the inspector's own.
 */
export type FromAgent =
  | { readonly kind: 'hello'; readonly key: string }
  /** All threads have ended their profiles, or could not within ten seconds. */
  | { readonly kind: 'stopped' }
  /** The program is done and waits for `release`; heap recordings only. */
  | { readonly kind: 'ended' }
  /** A worker has started, and waits for its `go`; heap recordings only, as the next one. */
  | { readonly kind: 'thread'; readonly threadId: number; readonly name: string | undefined }
  /** It is done, or about to be ended from outside, and waits for its `release`. */
  | { readonly kind: 'thread-ended'; readonly threadId: number }
  | { readonly kind: 'channel'; readonly key: string; readonly id: number };

export type ToAgentProcess =
  /** The program, or a worker of it, may begin; heap recordings only. */
  | { readonly kind: 'go'; readonly threadId?: number }
  | { readonly kind: 'release'; readonly threadId?: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'connect'; readonly id: number; readonly threadId: number };
