import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isCount, type Thresholds, thresholdNames } from '../core/findings/thresholds';
import { UsageError } from './exit-codes';

/** `util.parseArgs`, strict, with its errors as usage errors. */
export function parseCommand<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node's own text goes on with advice about `--` that does not fit here.
    throw new UsageError(`${((error as Error).message.split(/\. |\n/)[0] as string).replace(/\.?$/, '.')}`);
  }
}

/** A whole number from `least` to `most`. */
export function wholeNumber(option: string, text: string | undefined, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  if (!/^\d+$/.test(text) || value < least || value > most) throw new UsageError(`--${option} takes a whole number ${range}, not "${text}".`);
  return value;
}

/** A share in percent, 0 to 100. */
export function percentage(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text.replace(/%$/, ''));
  if (text.trim() === '' || !(value >= 0 && value <= 100)) throw new UsageError(`--${option} takes a percentage from 0 to 100, not "${text}".`);
  return value / 100;
}

/** `NAME=VALUE` of each `--threshold`, as the settings have them: shares in percent. */
export function namedThresholds(texts: readonly string[]): Partial<Thresholds> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, given, value = ''] = /^(\w+)=(.*)$/.exec(text) ?? [];
      const name = thresholdNames.find((one) => one === given);
      if (!name) throw new UsageError(`--threshold takes NAME=VALUE, where NAME is one of ${thresholdNames.join(', ')}, not "${text}".`);
      const option = `threshold ${name}`;
      return [name, isCount(name) ? wholeNumber(option, value, 0) : percentage(option, value)];
    }),
  );
}

export function oneFile(command: string, files: readonly string[]): string {
  const [file, ...more] = files;
  if (file === undefined) throw new UsageError(`plateau ${command} needs a file.`);
  if (file.trim() === '') throw new UsageError(`plateau ${command} needs a file, not an empty name.`);
  if (more.length > 0) throw new UsageError(`plateau ${command} takes one file, not ${more.length + 1}.`);
  return file;
}
