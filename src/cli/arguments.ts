import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './exit-codes';

/** `util.parseArgs`, strict, with its errors as usage errors. */
export function parseCommand<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}.`);
  }
}

/** A whole number of at least `least`. */
export function wholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least) throw new UsageError(`--${option} takes a whole number of at least ${least}, not "${text}".`);
  return value;
}

/** A share in percent, 0 to 100. */
export function percentage(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text.replace(/%$/, ''));
  if (text.trim() === '' || !(value >= 0 && value <= 100)) throw new UsageError(`--${option} takes a percentage from 0 to 100, not "${text}".`);
  return value / 100;
}

export function oneFile(command: string, files: readonly string[]): string {
  const [file, ...more] = files;
  if (file === undefined) throw new UsageError(`plateau ${command} needs a file.`);
  if (more.length > 0) throw new UsageError(`plateau ${command} takes one file, not ${more.length + 1}.`);
  return file;
}
