import childProcess from 'node:child_process';

/** `node:child_process` as it is without the guard, which keeps it there. */
export const unguarded = (globalThis as { unguarded?: typeof childProcess }).unguarded ?? childProcess;
