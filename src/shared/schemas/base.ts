/** What the schemas of everything that is read are made of. Nothing that passes one can surprise what comes after it. */
import * as v from 'valibot';

/** JSON writes `1e999`, which reads as Infinity: no measurement is that. */
export const finite = v.pipe(v.number(), v.finite());
/** Zero or more. */
export const amount = v.pipe(finite, v.minValue(0));
/** A whole number from 0 on that arithmetic keeps. */
export const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A line or a column, 1-based. */
export const position = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** The number of a process; 0 where there is none. */
export const pid = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));
/** ISO 8601, or whatever else `Date` reads. */
export const date = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text)), 'a date'),
);

/** An object of these fields, read only; others are left out. */
// @__NO_SIDE_EFFECTS__
export const fields = <const E extends v.ObjectEntries>(entries: E) => v.pipe(v.object(entries), v.readonly());

/** A list, read only. */
// @__NO_SIDE_EFFECTS__
export const list = <const S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.readonly());

/** Values by names, read only. `__proto__` and its kind are left out. */
// @__NO_SIDE_EFFECTS__
export const byName = <const S extends v.GenericSchema>(value: S) => v.pipe(v.record(v.string(), value), v.readonly());

/** A list, and of it what fits. */
// @__NO_SIDE_EFFECTS__
export const fittingOf = <const S extends v.GenericSchema>(item: S) =>
  v.pipe(
    v.array(v.unknown()),
    v.transform((values) =>
      values.flatMap((one): v.InferOutput<S>[] => {
        const result = v.safeParse(item, one, { abortEarly: true });
        return result.success ? [result.output] : [];
      }),
    ),
  );
