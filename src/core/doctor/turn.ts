import type { Amount } from './amount';
import type { Figure, Turn } from './diagnosis';

export function figure(label: string, value: Amount | string, limit?: Amount | string, isOver?: boolean): Figure {
  return {
    label,
    value: textOf(value),
    ...(typeof value === 'string' ? {} : { amount: value.amount, unit: value.unit }),
    limit: limit === undefined ? undefined : textOf(limit),
    ...(limit === undefined || typeof limit === 'string' ? {} : { limitAmount: limit.amount }),
    isOver,
  };
}

const textOf = (value: Amount | string): string => (typeof value === 'string' ? value : value.text);

/** A question with its ways, of which `taken` is the row of the one that was taken. */
export function question(id: string, text: string, figures: readonly Figure[], labels: readonly string[], taken: number, reason: string): Turn {
  return { id, question: text, figures, answers: labels.map((label, at) => ({ label, isTaken: at === taken })), reason };
}
