import type { StringTable } from '../../src/core/profile/string-table';
import { MAX_SEARCHED } from '../../src/core/profile/views/search';
import type { RegexAnswer, RegexRequest } from './regex-worker';
import { text as workerText } from './regex-worker?text';

/** What expressions match among the strings of a profile: worked out beside the page, which therefore never hangs. */
export interface RegexSearch {
  /** By expression, then by string. While it is being worked out, `onAnswer` is still to come; asking for others gives these up. */
  ask(patterns: readonly RegExp[]): RegexAnswer | 'waiting' | 'too-slow';
}

/** A few hundred thousand names take a tenth of it; what takes longer tries too many ways to match. */
const MOST_MS = 2000;

export function regexSearch({ bytes, offsets }: StringTable, onAnswer: () => void): RegexSearch {
  let asked = '';
  let state: ReturnType<RegexSearch['ask']> = [];
  let stop = (): void => {};
  return {
    ask(patterns) {
      const key = patterns.map(String).join('\n');
      if (key === asked) return state;
      asked = key;
      stop();
      state = [];
      if (patterns.length === 0) return state;
      state = 'waiting';
      const url = URL.createObjectURL(new Blob([workerText], { type: 'text/javascript' }));
      const worker = new Worker(url);
      const end = (outcome: typeof state): void => {
        stop();
        state = outcome;
        onAnswer();
      };
      const clock = setTimeout(() => end('too-slow'), MOST_MS);
      stop = () => {
        clearTimeout(clock);
        worker.terminate();
        URL.revokeObjectURL(url);
      };
      // A host that forbids workers: the page has to try by itself.
      worker.addEventListener('error', () => end([]));
      worker.addEventListener('message', ({ data }: MessageEvent<RegexAnswer>) => end(data));
      const request: RegexRequest = { bytes, offsets, patterns: patterns.map(({ source, flags }) => ({ source, flags })), longest: MAX_SEARCHED };
      worker.postMessage(request);
      return state;
    },
  };
}
