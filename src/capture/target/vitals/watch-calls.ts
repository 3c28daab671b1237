import type { OperationKind } from '../../../core/doctor/vitals';
import type { BeginOptions, Operation, OperationLog } from './operations';
import { type AnyFunction, guarded } from './replace';

/** The same for all calls, or by their arguments. */
type Options = BeginOptions | ((args: unknown[]) => BeginOptions);
const optionsOf = (options: Options | undefined, args: unknown[]): BeginOptions | undefined => (typeof options === 'function' ? options(args) : options);

/** A function that gives a promise; without a key it is not watched. `follow` may put its own end before that of an operation. */
export function watchPromise(
  original: AnyFunction,
  log: OperationLog,
  kind: OperationKind,
  key: (args: unknown[]) => string | undefined,
  describe: (args: unknown[]) => string = (args) => key(args) ?? '',
  options?: Options,
  follow?: (args: unknown[], operation: Operation) => Operation,
): AnyFunction {
  return function (...args) {
    const begun = guarded(() => {
      const text = key(args);
      return text === undefined ? undefined : log.begin(kind, text, () => describe(args), optionsOf(options, args));
    });
    const operation = begun && follow ? (guarded(() => follow(args, begun)) ?? begun) : begun;
    const result = applied(original, this, args, operation);
    if (!operation) return result;
    if (!(result instanceof Promise)) {
      operation.end();
      return result;
    }
    // What is given on settles as the original does, so a rejection that nobody handles is still told.
    return result.then(
      (value) => {
        operation.end();
        return value;
      },
      (error) => {
        operation.end();
        throw error;
      },
    );
  };
}

/** Node.js's own functions call each other: `fs.appendFile` calls `fs.writeFile`, and that `fs.open`. The outermost is what the program waits for. */
let isWithin = false;

function begin(log: OperationLog, kind: OperationKind, called: string, options: BeginOptions | undefined): Operation {
  const name = options?.name ?? called;
  return log.begin(kind, name, () => name, options);
}

/** A function whose last argument is called when it is done; without one it is not watched. */
export function watchCallback(original: AnyFunction, log: OperationLog, kind: OperationKind, name: string, options?: Options): AnyFunction {
  return function (...args) {
    const last = args.at(-1);
    const operation = !isWithin && typeof last === 'function' ? guarded(() => begin(log, kind, name, optionsOf(options, args))) : undefined;
    if (!operation) return Reflect.apply(original, this, args);
    const callback = function (this: unknown, ...results: unknown[]): unknown {
      operation.end();
      return Reflect.apply(last as AnyFunction, this, results);
    };
    isWithin = true;
    try {
      return applied(original, this, [...args.slice(0, -1), callback], operation);
    } finally {
      isWithin = false;
    }
  };
}

/** What throws at once, as for wrong arguments, has begun nothing. */
function applied(original: AnyFunction, receiver: unknown, args: unknown[], operation: Operation | undefined): unknown {
  try {
    return Reflect.apply(original, receiver, args);
  } catch (error) {
    operation?.end(false);
    throw error;
  }
}
