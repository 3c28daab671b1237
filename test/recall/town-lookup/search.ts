import type { Town } from './towns';

const MARKS = /[\u0300-\u036f]/g;

export function plain(text: string): string {
  return text.normalize('NFD').replace(MARKS, '').toLowerCase();
}

export class TownSearch {
  constructor(private readonly towns: readonly Town[]) {}

  suggest(typed: string, most = 8): Town[] {
    const wanted = plain(typed.trim());
    if (wanted.length < 2) return [];
    const found = this.towns.filter((town) => plain(`${town.name} ${town.region}`).includes(wanted));
    return found.sort((a, b) => b.people - a.people).slice(0, most);
  }
}
