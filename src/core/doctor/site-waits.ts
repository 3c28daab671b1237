import type { OperationSite, Vitals } from './vitals';

export interface SiteWait {
  /** Row in the measurements. */
  readonly row: number;
  readonly site: OperationSite;
  /** Of the recorded time; of a server, of its requests' time where that is more. */
  readonly share: number;
}

/** `localhost`, or an address that only this machine has. */
const loopback = /^\w+ https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])(?::(\d+))?(?:\/|$)/;

/** Whether a program asks a server of its own: the requests that this server sees are then its own too. */
export function isToSelf({ kind, target }: OperationSite, { incoming }: Vitals): boolean {
  const found = kind === 'http' ? loopback.exec(target) : null;
  return found !== null && incoming.ports.includes(Number(found[1] ?? (target.includes(' https:') ? 443 : 80)));
}

/** What each place waits for, in the order of the measurements. */
export function siteWaits(vitals: Vitals, duration: number): SiteWait[] {
  const { incoming } = vitals;
  return vitals.sites.map((site, row) => {
    const own = duration > 0 ? site.busy / duration : 0;
    // Waiting for requests is a server's work: what counts is how long its callers wait.
    const ofRequests = incoming.total > 0 && !isToSelf(site, vitals) ? Math.min(1, site.total / incoming.total) : 0;
    return { row, site, share: Math.max(own, ofRequests) };
  });
}

/** Parts of a stream come one after another, and a hash computes: neither is a question that waits for an answer. */
export const mayBeTogether = ({ kind, target }: OperationSite): boolean =>
  kind !== 'timer' && kind !== 'zlib' && kind !== 'crypto' && !target.endsWith(' of a stream');

/** Whether what is done may be done for the requests of others: not what a program asks of its own server. */
export const isForRequests = ({ site }: SiteWait, vitals: Vitals): boolean => vitals.incoming.count > 0 && !isToSelf(site, vitals);
