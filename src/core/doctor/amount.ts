import { formatBytes, formatCount, formatShare, formatTime } from '../../shared/format';
import type { FigureUnit } from './diagnosis';

/** A number with the text that people read. */
export interface Amount {
  readonly text: string;
  readonly amount: number;
  readonly unit: FigureUnit;
}

/** Of microseconds. */
export const time = (amount: number): Amount => ({ text: formatTime(amount), amount, unit: 'microseconds' });
/** Of a share from 0 to 1. */
export const share = (amount: number): Amount => ({ text: formatShare(amount), amount, unit: 'share' });
export const bytes = (amount: number): Amount => ({ text: formatBytes(amount), amount, unit: 'bytes' });
export const count = (amount: number): Amount => ({ text: formatCount(amount), amount, unit: 'count' });
/** The same number in words of its own: `≤ 12 MB`, `60 times`. */
export const worded = (amount: Amount, words: (text: string) => string): Amount => ({ ...amount, text: words(amount.text) });
