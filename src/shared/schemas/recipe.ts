import * as v from 'valibot';
import { amount, byName, fields, list, pid, position } from './base';

/** A value that a module exports, or a method of an exported class; `name` is `default` or the export's. */
export const exportPathSchema = fields({
  name: v.string(),
  method: v.optional(fields({ name: v.string(), isStatic: v.boolean(), isGetter: v.boolean() })),
});

/** How a target is exercised; enough to do it again. Paths are absolute. */
export const recipeSchema = v.variant('kind', [
  fields({
    kind: v.literal('file'),
    file: v.string(),
    args: list(v.string()),
    env: byName(v.string()) /** The command as somebody typed it, for titles. */,
    typed: v.optional(v.string()),
    cwd: v.string(),
  }),
  fields({ kind: v.literal('program'), command: v.string(), args: list(v.string()), cwd: v.string() }),
  fields({ kind: v.literal('script'), script: v.string(), cwd: v.string() }),
  fields({ kind: v.literal('command'), command: v.string(), cwd: v.string() }),
  fields({
    kind: v.literal('loop'),
    file: v.string(),
    exported: exportPathSchema,
    /** A list of JavaScript expressions, as typed, without brackets; the same for the class's constructor. */
    args: v.string(),
    constructorArgs: v.string(),
    /** An expression that gives the instance whose method is called, instead of the class's constructor. */
    instance: v.optional(v.string()),
    /** Runs once before: a file, whose exports the expressions may name, or an expression, which is `setup` in them. */
    setup: v.optional(v.string()),
    warmupMs: amount,
    durationMs: amount,
    cwd: v.string(),
  }),
  fields({ kind: v.literal('attach'), address: v.string(), seconds: v.optional(amount) }),
  fields({ kind: v.literal('process'), pid, command: v.string(), seconds: v.optional(amount) }),
]);

/** The function that a recording is about. `name` is V8's, empty for an anonymous one; line and column are where V8 places it. */
export const focusSchema = fields({ file: v.string(), name: v.string(), line: position, column: position });
