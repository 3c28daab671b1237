/** What a process of a recording writes into the session's folder once its inspector is open. */
export type Announcement = {
  readonly pid: number;
  readonly ppid: number;
  readonly version: string;
  readonly argv: readonly string[];
  readonly cwd: string;
} & ({ readonly kind: 'ready'; readonly url: string } | { readonly kind: 'failed'; readonly message: string });
