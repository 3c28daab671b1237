import type { Failure } from '../protocol/lsp';

/** What the editor is told of a request that failed; it says nothing to the user of one that the user gave up. */
export const failureOf = (failed: string, { kind }: { readonly kind: string }): Failure => ({ failed, ...(kind === 'cancelled' ? { isCancelled: true } : {}) });
