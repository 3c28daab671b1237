/** A failed write as the system tells of it. */
export interface WriteFailure {
  /** `ENOSPC`; empty where there is none. */
  readonly code: string;
  readonly message: string;
}

export function writeFailure(error: unknown): WriteFailure {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return { code, message };
}

/** That `what`, the subject of the sentence, could not be written. */
function describeWriteFailure(what: string, { code, message }: WriteFailure): string {
  switch (code) {
    case 'ENOSPC':
      return `There is no space left for ${what}.`;
    case 'EFBIG':
      return `Files may not get as large as ${what} (ulimit -f).`;
    default:
      // "ENOSPC: no space left on device, write" names the code and the call too, which help nobody.
      return `${what.charAt(0).toUpperCase()}${what.slice(1)} could not be written: ${message.replace(/^[A-Z]+: /, '').replace(/, \w+(?: '.*')?$/, '')}.`;
  }
}

/** Where a recording is that could not be kept where it was to be. */
export const describeMisplaced = (failure: WriteFailure & { readonly what: string }, file: string): string =>
  `${describeWriteFailure(failure.what, failure)} It is kept in ${file} instead; move it from there.`;

/** That a recording is lost. */
export const describeUnkept = (failure: WriteFailure & { readonly what: string; readonly spare: string }): string =>
  `${describeWriteFailure(failure.what, failure)} Nothing is kept: the folder for temporary files (${failure.spare}) cannot take it either.`;

/** That standard output takes no more, and what to do. */
export function describeOutputFailure(failure: WriteFailure): string {
  return `${describeWriteFailure('the output', failure)} ${failure.code === 'ENOSPC' ? 'Free some, or send it elsewhere.' : 'Send it elsewhere.'}`;
}
