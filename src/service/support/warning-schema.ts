/** Warnings of a profile as they stand beside a slab; the compiler compares them with the types. */
import * as v from 'valibot';
import type { ProfileIssue, ProfileWarning } from '../../shared/issue';
import { fields, finite } from '../../shared/schemas/base';

/** What a thread's profile that cannot be read is told by. */
const issueSchema: v.GenericSchema<unknown, ProfileIssue> = v.variant('kind', [
  fields({ kind: v.picklist(['empty-file', 'cancelled']) }),
  fields({ kind: v.literal('not-json'), offset: finite, expected: v.string() }),
  fields({ kind: v.literal('no-nodes'), offset: finite }),
  fields({ kind: v.literal('unreadable'), code: v.string(), detail: v.string() }),
  fields({ kind: v.literal('crashed'), detail: v.string() }),
  fields({ kind: v.literal('too-large'), bytes: finite, limit: finite, isJson: v.optional(v.boolean()), packed: v.optional(finite) }),
  fields({ kind: v.literal('bad-compression'), method: v.picklist(['gzip', 'zstd']), detail: v.string() }),
]);

const place = { functions: finite, name: v.string(), file: v.string() };

export const warningSchema: v.GenericSchema<unknown, ProfileWarning> = v.variant('kind', [
  fields({ kind: v.picklist(['single-sample', 'no-timestamps', 'end-before-last-sample', 'call-graph', 'unread-drop-frames']) }),
  fields({
    kind: v.picklist([
      'unsorted-samples',
      'unknown-sample-nodes',
      'missing-time-deltas',
      'surplus-time-deltas',
      'several-parents',
      'cycles',
      'orphans',
      'unknown-children',
      'bad-costs',
      'unbalanced-events',
      'left-out',
      'bad-spans',
      'unread-measures',
      'unread-threads',
    ]),
    count: finite,
  }),
  fields({ kind: v.literal('overlapping-spans'), count: finite, lost: finite }),
  fields({ kind: v.literal('difference'), unit: v.picklist(['microseconds', 'bytes', 'count']), more: finite, less: finite }),
  fields({ kind: v.literal('truncated'), offset: finite }),
  fields({ kind: v.literal('malformed'), offset: finite, expected: v.string() }),
  fields({ kind: v.literal('no-samples'), isCut: v.optional(v.boolean()) }),
  fields({ kind: v.literal('few-samples'), count: finite, needed: finite, isMerged: v.boolean(), worth: v.optional(finite) }),
  fields({ kind: v.literal('end-elsewhere'), time: finite }),
  fields({ kind: v.literal('not-sampled'), count: finite, time: finite, longest: finite }),
  fields({ kind: v.picklist(['duplicate-ids', 'bad-lines']), count: finite, first: finite }),
  fields({ kind: v.picklist(['bad-values', 'surplus-bytes']), count: finite, offset: finite }),
  fields({ kind: v.literal('too-many-values'), count: finite, limit: finite }),
  fields({ kind: v.literal('lost-thread'), name: v.string(), file: v.string(), issue: issueSchema }),
  fields({ kind: v.picklist(['unknown-lines', 'unknown-places']), ...place }),
]);
