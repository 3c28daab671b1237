import type { ProfileTables } from '../profile/tables';

/** What a function is known by across edits of its code. */
export interface FunctionIdentity {
  /** As the source has it; empty for none. */
  readonly name: string;
  /** The source's file, the same on every machine where that is known; empty for native functions and V8's own entries. */
  readonly file: string;
  /** 0-based; -1 for none. */
  readonly line: number;
  /** 0-based; -1 for none. */
  readonly column: number;
  /** A `Category`. */
  readonly category: number;
  /** The npm package; empty outside of dependencies. */
  readonly package: string;
  /** Of a function before: the line where its line stands after, -1 where it was changed or removed; undefined where that is not known. */
  readonly lineAfter?: number | undefined;
  /** The named functions around it, outermost first; undefined where the text is not known. */
  readonly within?: string | undefined;
  /** The same for texts that differ in spaces and in the function's own name only; undefined where the text is not known. */
  readonly body?: string | undefined;
}

/** One run: a profile, and what each row of its function table is known by. */
export interface ComparedRun {
  readonly tables: ProfileTables;
  readonly identities: readonly FunctionIdentity[];
}

/** All runs of one side, with one row for what is one function in all of them. */
export interface ComparedSide {
  readonly runs: readonly ComparedRun[];
  readonly functions: readonly FunctionIdentity[];
  /** By run and row of its function table the row of `functions`. */
  readonly rows: readonly Uint32Array[];
}

/** Puts the runs of one side together: the same code ran, so a function has the same place in all. O(functions). */
export function comparedSide(runs: readonly ComparedRun[]): ComparedSide {
  const functions: FunctionIdentity[] = [];
  const known = new Map<string, number>();
  const rows = runs.map(({ identities }) =>
    Uint32Array.from(identities, (one) => {
      const key = `${one.name}\0${one.file}\0${one.line}\0${one.column}\0${one.category}`;
      let row = known.get(key);
      if (row === undefined) {
        row = functions.length;
        known.set(key, row);
        functions.push(one);
      }
      return row;
    }),
  );
  return { runs, functions, rows };
}

/** Whether a function has no name of its own, in any tool's words. */
export const isNameless = (name: string): boolean => /^$|^[(<[]?anonymous(?: function)?[)>\]]?$|^\(anonymous\b/i.test(name);
