import type { Action } from './reducer';

export function recordedActions(count: number): Action[] {
  let s = 99;
  const rnd = (n: number) => {
    s = (s * 48271) % 2147483647;
    return s % n;
  };
  const actions: Action[] = [];
  for (let i = 0; i < count; i++) {
    const session = `s${rnd(80)}`;
    const roll = rnd(10);
    if (roll < 7) actions.push({ type: 'add', session, sku: `P${rnd(1200)}`, qty: 1 + rnd(3), at: i });
    else if (roll < 8) actions.push({ type: 'remove', session, sku: `P${rnd(1200)}`, at: i });
    else actions.push({ type: 'checkout', session, at: i });
  }
  return actions;
}
