import type { Figure, Turn } from './diagnosis';

export function figure(label: string, value: string, limit?: string, isOver?: boolean): Figure {
  return { label, value, limit, isOver };
}

/** A question with its ways, of which `taken` is the row of the one that was taken. */
export function question(id: string, text: string, figures: readonly Figure[], labels: readonly string[], taken: number, reason: string): Turn {
  return { id, question: text, figures, answers: labels.map((label, at) => ({ label, isTaken: at === taken })), reason };
}
