/** What a cause is derived from: functions with their files, what is hot, and work that is followed up the path of calls. */
import type { FunctionFact, Origin, WorkFact } from '../facts/work-types';

/** A function with the file that it stands in, and what is known of its lines. */
export interface PlacedFunction {
  readonly file: string;
  readonly fact: FunctionFact;
}

/** What a cause is asked for. Cost in the profile's unit. */
export interface HotSpot {
  /** The function whose own time it is, and the user's own function that calls it where that is another. */
  readonly func: number;
  readonly caller: number | undefined;
  readonly cost: number;
  /** Its name, by which the caller may call it: `sort`, `includes`. */
  readonly called: string | undefined;
  /** The package that the function is of; empty for others. */
  readonly package: string;
  /** The file of its lines: of the top level of a bundle, that of the source which has them. */
  readonly file: string | undefined;
  /** Own cost by 1-based line of `func`. */
  readonly lines: ReadonlyMap<number, number>;
}

/** Work that is followed up the path, with where its collection comes from as seen from the function that was reached. */
export interface Tracked {
  readonly work: WorkFact;
  readonly at: PlacedFunction;
  readonly origin: Origin | undefined;
  /** What it does there is to call the function below. */
  readonly calls: string | undefined;
  /** Of an object of a package that is made: the part of its function's time that making it takes. */
  readonly made?: number | undefined;
}
