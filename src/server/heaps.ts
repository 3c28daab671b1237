import path from 'node:path';
import { askMounts } from '../files/answering';
import type { IcicleDto } from '../protocol/heap';
import { describeHeapIssue } from '../service/heap/describe-heap-issue';
import { type HeapHost, heapHost } from '../service/heap/heap-host';
import type { HeapDoing } from '../service/heap/heap-messages';
import { writeSlab } from '../service/profile/slab-cache';
import type { HeapQueryName } from '../shared/heap-query';
import { fileLocator, urlToPath } from '../source/maps/locate';
import { placeInSource } from '../source/script-place';
import type { PlateauConnection } from './connection';

/** Answers what the extension asks about heap snapshots. */
export function heapRequests(plateau: PlateauConnection, workerFile: string, roots: () => readonly string[]): HeapHost {
  const host = heapHost(workerFile);
  const progress =
    (file: string) =>
    (doing: HeapDoing, share: number | undefined): void =>
      plateau.notify('plateau/heapProgress', { file, doing: doingText(doing), share });

  plateau.onRequest('plateau/heapOpen', async ({ file }, signal) => {
    const opened = await host.open(file, { signal, onProgress: progress(file) });
    return opened.ok ? opened.value : { failed: describeHeapIssue(opened.error), ...(opened.error.kind === 'cancelled' ? { isCancelled: true } : {}) };
  });

  plateau.onRequest('plateau/heapQuery', async ({ file, name, query, storage }, signal) => {
    const answer = await host.query(file, name as HeapQueryName, query as never, { signal, onProgress: progress(file) });
    if (!answer.ok) return { failed: describeHeapIssue(answer.error), ...(answer.error.kind === 'cancelled' ? { isCancelled: true } : {}) };
    if (name !== 'icicle') return { answer: answer.value ?? null };
    const { slab, nodes } = answer.value as unknown as { slab: ArrayBuffer; nodes: readonly number[] };
    try {
      const written = path.join(storage, await writeSlab(storage, slab));
      return { answer: { slab: written, slabBytes: slab.byteLength, nodes } satisfies IcicleDto };
    } catch (error) {
      return { failed: `The picture could not be written to ${storage}: ${(error as Error).message}. Free some disk space and try again.` };
    }
  });

  plateau.onRequest('plateau/heapPlace', async ({ file, node }, signal) => {
    const place = await host.query(file, 'place', { node }, { signal, onProgress: progress(file) });
    if (!place.ok) return { failed: describeHeapIssue(place.error) };
    if (!place.value) return undefined;
    if (place.value.url === '')
      return { failed: 'The snapshot names scripts by number only, and the list of scripts that Plateau saves beside its own snapshots is not there.' };
    await askMounts([file, ...roots(), urlToPath(place.value.url) ?? file]);
    return placeInSource(place.value, fileLocator(roots()));
  });

  plateau.onNotification('plateau/heapClose', ({ file }) => host.close(file));
  return host;
}

function doingText({ kind, file }: HeapDoing): string {
  return kind === 'reading' ? `Reading ${path.basename(file)}…` : `Working out what ${path.basename(file)} retains…`;
}
