/** Messages between a heap snapshot's thread and the one that started it. */
import type { HeapAnswer, HeapOverview, HeapQueryName, HeapQuestion } from '../../shared/heap-query';
import type { HeapIssue } from '../../shared/issue';

/** What a thread is busy with; the wording is the shells'. */
export type HeapDoing = { readonly kind: 'reading' | 'analysing'; readonly file: string };

export interface ToHeapWorker<K extends HeapQueryName = HeapQueryName> {
  readonly token: number;
  readonly question: HeapQuestion<K>;
}

export type FromHeapWorker =
  | { readonly kind: 'progress'; readonly doing: HeapDoing; readonly share: number | undefined }
  | { readonly kind: 'opened'; readonly overview: HeapOverview }
  | { readonly kind: 'failed'; readonly issue: HeapIssue }
  | { readonly kind: 'answer'; readonly token: number; readonly answer: HeapAnswer<HeapQueryName> }
  | { readonly kind: 'refused'; readonly token: number; readonly issue: HeapIssue };
