import diagnostics from 'node:diagnostics_channel';
import type { Vitals } from '../../../core/doctor/vitals';
import { now } from './clock';

const MAX_PORTS = 20;
/** Requests that come this much later begin another stretch, microseconds; and how many of those are kept. */
const APART = 1e6;
const MAX_STRETCHES = 100;

/** Requests to this process's own HTTP servers, from Node.js's own channels. */
export function watchIncoming(): { read(): Vitals['incoming']; stop(): void } {
  const starts = new WeakMap<object, number>();
  let count = 0;
  let total = 0;
  let busy = 0;
  let inFlight = 0;
  let maxInFlight = 0;
  let since = 0;
  /** Sum of the starts of those in flight. */
  let started = 0;
  const ports = new Set<number>();
  const stretches: { from: number; to: number; count: number }[] = [];
  const stretchAt = (at: number): { from: number; to: number; count: number } => {
    const last = stretches.at(-1);
    if (last && (inFlight > 0 || at - last.to < APART || stretches.length >= MAX_STRETCHES)) return last;
    const next = { from: at, to: at, count: 0 };
    stretches.push(next);
    return next;
  };
  const onStart = (message: unknown): void => {
    const at = now();
    const { response, socket } = message as { response: object; socket?: { localPort?: number } };
    starts.set(response, at);
    if (socket?.localPort !== undefined && ports.size < MAX_PORTS) ports.add(socket.localPort);
    const stretch = stretchAt(at);
    stretch.to = at;
    stretch.count++;
    count++;
    started += at;
    if (inFlight++ === 0) since = at;
    if (inFlight > maxInFlight) maxInFlight = inFlight;
  };
  const onFinish = (message: unknown): void => {
    const { response } = message as { response: object };
    const start = starts.get(response);
    if (start === undefined) return;
    starts.delete(response);
    const at = now();
    stretchAt(at).to = at;
    total += at - start;
    started -= start;
    if (--inFlight === 0) busy += at - since;
  };
  diagnostics.subscribe('http.server.request.start', onStart);
  diagnostics.subscribe('http.server.response.finish', onFinish);
  return {
    read() {
      const at = now();
      if (inFlight > 0) stretchAt(at).to = at;
      return { count, total: total + inFlight * at - started, busy: busy + (inFlight > 0 ? at - since : 0), maxInFlight, ports: [...ports], stretches };
    },
    stop() {
      diagnostics.unsubscribe('http.server.request.start', onStart);
      diagnostics.unsubscribe('http.server.response.finish', onFinish);
    },
  };
}
