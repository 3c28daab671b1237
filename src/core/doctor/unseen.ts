import { formatShare } from '../../shared/format';
import type { Verdict } from './diagnosis';
import type { Measurements } from './measurements';
import type { DoctorThresholds } from './thresholds';
import type { Vitals } from './vitals';

/** What a program may wait for that is not watched, by the names that Node.js gives open resources. Pipes and the terminal are its output, too. */
const unwatched: Readonly<Record<string, string>> = {
  TCPSocketWrap: 'connections, over which something may come without being asked for',
  TLSWrap: 'encrypted connections, over which something may come without being asked for',
  UDPWrap: 'UDP sockets',
  FSEventWrap: 'files that are watched for changes',
  StatWatcher: 'files that are watched for changes',
  FSReqCallback: 'files',
  FSReqPromise: 'files',
  ProcessWrap: 'child processes that still run, or that nobody waits for',
  MessagePort: 'messages of worker threads',
  Worker: 'worker threads',
  HTTP2SESSION: 'HTTP/2',
  Http2Session: 'HTTP/2',
  SignalWrap: 'signals',
};
/** On average open, from which it is what the loop stayed open for. */
const LEAST_OPEN = 0.2;
/** These only wake the loop, and timers that are waited for are seen where they fire. */
const plain = /^(?:Timeout|Immediate|TTYWrap|PipeWrap|.*Req(?:uest)?(?:Wrap)?|CloseReq)$/;

export interface Unseen {
  /** Of the time that the thread was idle, what is explained by what is watched: 0 to 1. */
  readonly explained: number;
  /** What was open and is not watched, by Node.js's names. */
  readonly open: readonly string[];
}

/** Whether a program waited for something that is not watched; undefined where what is watched explains its waiting. */
export function unseenOf({ profile }: Measurements, vitals: Vitals, { explainedShare }: DoctorThresholds): Unseen | undefined {
  const { idle, duration } = profile.totals;
  const timers = vitals.sites.reduce((most, { kind, busy }) => (kind === 'timer' ? Math.max(most, busy) : most), 0);
  const seen = (vitals.watched?.busy ?? vitals.sites.reduce((most, { kind, busy }) => (kind === 'timer' ? most : Math.max(most, busy)), 0)) + timers;
  if (vitals.incoming.count > 0) {
    // Between requests a server waits for its callers; within them it has to be known for what.
    const { busy } = vitals.incoming;
    const explained = busy > 0 ? Math.min(1, (seen + profile.totals.active) / busy) : 1;
    return busy < explainedShare * duration || explained >= explainedShare ? undefined : { explained, open: openOf(vitals) };
  }
  if (idle <= 0) return undefined;
  if (vitals.isListening) return servesUnseen(vitals) ? { explained: Math.min(1, seen / idle), open: openOf(vitals) } : undefined;
  const explained = Math.min(1, seen / idle);
  const open = openOf(vitals);
  // Where nothing else is open, the loop waits for a timer of any kind.
  return explained >= explainedShare || open.length === 0 ? undefined : { explained, open };
}

/** Connections to a server that is none of HTTP: those of its own clients would have asked something. */
const servesUnseen = ({ resources, sites }: Vitals): boolean =>
  !sites.some(({ kind }) => kind === 'socket' || kind === 'http') &&
  resources.kinds.some(({ kind, mean }) => /^(?:TCPSocketWrap|TLSWrap)$/.test(kind) && mean >= LEAST_OPEN);

const openOf = ({ resources }: Vitals): string[] =>
  [...resources.kinds]
    .filter(({ kind, mean }) => mean >= LEAST_OPEN && (kind in unwatched || !plain.test(kind)))
    .sort((a, b) => b.mean - a.mean)
    .map(({ kind }) => kind);

/** Said instead of "nothing is slow" where that is not known. */
export function unseen({ explained, open }: Unseen, idle: number): Verdict {
  const what = [...new Set(open.map((kind) => unwatched[kind] ?? kind))];
  return {
    branch: 'inconclusive',
    area: 'none',
    level: undefined,
    title: 'It waits, and what for was not seen',
    summary: `The thread was idle for ${formatShare(idle)} of the time, and what is watched (requests, questions over connections, name lookups, files, zlib, crypto, timers, child processes) explains ${formatShare(explained)} of its waiting.${what.length > 0 ? ` Open meanwhile, and not watched: ${what.join('; ')}.` : ''}`,
    advice: 'If nothing was to be done, that is all. Else record it while it does what is slow, and measure the other side of what was open.',
    next: 'longer',
    blame: undefined,
  };
}
