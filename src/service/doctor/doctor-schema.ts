/** What stands in a `NAME.doctor.json`; the compiler compares it with the types that a report is written from. */
import * as v from 'valibot';
import { vitalsSchema } from '../../core/doctor/vitals';
import { functionIndex } from '../../shared/brands';
import { fields, finite, list, position, whole } from '../../shared/schemas/base';
import type { DoctorReport } from './doctor';

const row = v.pipe(whole, v.transform(functionIndex));

const figure = fields({
  label: v.string(),
  value: v.string(),
  amount: v.optional(finite),
  unit: v.optional(v.picklist(['microseconds', 'share', 'bytes', 'count'])),
  limit: v.optional(v.string()),
  limitAmount: v.optional(finite),
  isOver: v.optional(v.boolean()),
});

const turn = fields({
  id: v.fallback(v.string(), ''),
  question: v.string(),
  figures: list(figure),
  answers: list(fields({ label: v.string(), isTaken: v.fallback(v.boolean(), false) })),
  reason: v.string(),
});

const blame = v.variant('kind', [
  fields({ kind: v.literal('function'), func: row, through: v.fallback(list(row), []) }),
  fields({ kind: v.literal('site'), site: whole, wantsLoop: v.fallback(v.boolean(), false), frame: v.optional(whole), wantsAwait: v.optional(v.boolean()) }),
  fields({ kind: v.literal('frame'), name: v.string(), url: v.string(), line: finite, column: finite }),
]);

const verdict = fields({
  branch: v.picklist([
    'cpu-hot',
    'cpu-spread',
    'cpu-elsewhere',
    'io',
    'timers',
    'memory-gc',
    'memory-growth',
    'loop-blocked',
    'sequential',
    'healthy',
    'inconclusive',
  ]),
  area: v.fallback(v.picklist(['CPU', 'I/O', 'memory', 'concurrency', 'none']), 'none'),
  level: v.fallback(v.optional(v.picklist(['error', 'warning', 'info'])), undefined),
  title: v.string(),
  summary: v.string(),
  advice: v.string(),
  next: v.picklist(['flame', 'line', 'leak', 'longer', 'again']),
  blame: v.optional(blame),
});

export const doctorSchema: v.GenericSchema<unknown, DoctorReport> = fields({
  schema: v.literal('plateau/doctor/1'),
  title: v.string(),
  recordedAt: v.string(),
  profile: v.string(),
  diagnosis: fields({ turns: list(turn), verdict }),
  place: v.optional(fields({ file: v.string(), line: position, name: v.string(), func: v.optional(row) })),
  pattern: v.optional(
    fields({
      rule: v.string(),
      title: v.string(),
      summary: v.string(),
      advice: v.string(),
      page: v.optional(v.string()),
      fix: v.optional(v.string()),
      file: v.string(),
      line: position,
    }),
  ),
  notes: list(v.string()),
  processes: list(fields({ pid: whole, command: v.string(), cpu: v.optional(finite) })),
  vitals: v.fallback(v.optional(vitalsSchema), undefined),
});
