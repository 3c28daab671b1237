import type { CaptureIssue, ProcessExit } from './capture-issue';
import type { ProcessIdentity } from './processes/process-row';
import type { LaunchSpec } from './spawn';

/**
 * Between the recorder and the runner, a small process in a terminal of the
 * editor that launches the target with the terminal as its own. JSON lines over
 * a local socket (a named pipe on Windows). When the socket closes, for whatever
 * reason, the runner ends the target with all its children.
 */
export type ToRunner = { readonly kind: 'launch'; readonly spec: LaunchSpec } | { readonly kind: 'end'; readonly farewell: string };
export type FromRunner =
  | {
      readonly kind: 'hello';
      readonly environment: { readonly NODE_OPTIONS?: string | undefined; readonly PATH?: string | undefined; readonly BUN_OPTIONS?: string | undefined };
      readonly version: string;
    }
  | { readonly kind: 'launched'; readonly pid: number; readonly identity: ProcessIdentity | undefined }
  | { readonly kind: 'failed'; readonly issue: CaptureIssue }
  | { readonly kind: 'exited'; readonly exit: ProcessExit };

/** Splits a stream of chunks into JSON lines. */
export function lineReader<T>(onMessage: (message: T) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) if (line !== '') onMessage(JSON.parse(line) as T);
  };
}
