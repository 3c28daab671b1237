/**
 * What the extension and the server say to each other about heap snapshots. Questions
 * and answers are those of `shared/heap-query.ts`; the icicle's slab is a file.
 */
import type { HeapOverview, HeapQueryName } from '../shared/heap-query';
import type { Failure, PlaceDto } from './lsp';

/** Requests to the server. */
export interface HeapRequests {
  'plateau/heapOpen': [{ readonly file: string }, HeapOverview | Failure];
  /** `storage` is where slabs go. */
  'plateau/heapQuery': [
    { readonly file: string; readonly name: HeapQueryName; readonly query: unknown; readonly storage: string },
    { readonly answer: unknown } | Failure,
  ];
  /** Where the code of an object stands on this machine. */
  'plateau/heapPlace': [{ readonly file: string; readonly node: number }, PlaceDto | Failure | undefined];
}
export interface HeapNotifications {
  /** No editor shows the snapshot any more. */
  'plateau/heapClose': { readonly file: string };
}
export interface HeapServerNotifications {
  /** `share` from 0 to 1, where it is known. */
  'plateau/heapProgress': { readonly file: string; readonly doing: string; readonly share: number | undefined };
}

/** The answer to `icicle`: the slab is in a file of the storage folder. */
export interface IcicleDto {
  readonly slab: string;
  readonly slabBytes: number;
  readonly nodes: readonly number[];
}
