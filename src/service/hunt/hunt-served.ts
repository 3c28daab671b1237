import type { HeapTarget } from '../../capture/attach/heap-targets';
import { atHost, ownerOfPort, ownListeners } from '../../capture/inspector/listening-ports';
import type { Exercise } from '../../shared/hunt';
import { activityOf } from './hunt-activity';

/** Why what was watched may not have done what it was to be exercised with. */
export type Unserved =
  /** The requests went to another process; its number where it is known. */
  | { readonly kind: 'elsewhere'; readonly pid: number | undefined }
  /** It answered so many of those that were sent. */
  | { readonly kind: 'some'; readonly answered: number; readonly sent: number }
  /** It is a server, and nobody connected to it. */
  | { readonly kind: 'nobody' };

export interface ServedWatch {
  /** Undefined where nothing speaks against it. `sent`: requests since it was begun, of an exercise that counts them. */
  look(sent: number): Promise<Unserved | undefined>;
}

/** Commands that ask a server: what they call, or an address. */
const asksServer = /https?:\/\/|\b(?:curl|wget|autocannon|wrk2?|k6|hey|oha|bombardier|ab|siege|vegeta|newman|http|xh)\b/;
const localHost = /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/;

/** Watches from now on whether a thread answers what a program is exercised with: by its own count of requests and connections. */
export async function watchServed(target: HeapTarget, exercise: Exercise): Promise<ServedWatch> {
  const before = await activityOf(target);
  return {
    async look(sent) {
      if (exercise.kind === 'call' || target.pid <= 0) return undefined;
      const now = await activityOf(target);
      const [requests, connections] = before && now ? [now.requests - before.requests, now.connections - before.connections] : [undefined, undefined];
      if (exercise.kind === 'requests') {
        if (requests === undefined) return (await listensAt(target.pid, exercise.url)) === false ? { kind: 'elsewhere', pid: undefined } : undefined;
        if (requests > 0) return requests < sent ? { kind: 'some', answered: requests, sent } : undefined;
        return connections === 0 ? elsewhere(target.pid, exercise.url) : undefined;
      }
      if (requests !== 0 || connections !== 0) return undefined;
      // What is no request may reach a program in other ways, but a server is seldom exercised without one.
      const isAsked = exercise.kind === 'command' && asksServer.test(exercise.command);
      const listens = ((await ownListeners(target.pid)) ?? []).length > 0;
      return isAsked || listens ? { kind: 'nobody' } : undefined;
    },
  };
}

const portOf = ({ port, protocol }: URL): number => (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port));

/** Whether a process listens where a url leads; undefined where it cannot be told. */
async function listensAt(pid: number, url: string): Promise<boolean | undefined> {
  const parsed = new URL(url);
  const own = await ownListeners(pid);
  return own && atHost(own, parsed.hostname).some(({ port }) => port === portOf(parsed));
}

/** A server that is no JavaScript counts nothing, but the port is its own. */
async function elsewhere(pid: number, url: string): Promise<Unserved | undefined> {
  const parsed = new URL(url);
  const owner = localHost.test(parsed.hostname) ? (await ownerOfPort(portOf(parsed), parsed.hostname)).pid : undefined;
  return owner === pid ? undefined : { kind: 'elsewhere', pid: owner };
}
