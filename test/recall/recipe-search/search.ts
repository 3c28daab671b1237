import Fuse from 'fuse.js';
import type { Recipe } from './recipes';

export interface Found {
  title: string;
  score: number;
}

/** Finds recipes by a few letters of the title, of an ingredient or of the author. */
export function search(recipes: Recipe[], typed: string, most = 5): Found[] {
  const text = typed.trim();
  if (text.length < 3) return [];
  const fuse = new Fuse(recipes, {
    keys: [{ name: 'title', weight: 3 }, { name: 'ingredients', weight: 2 }, 'author'],
    threshold: 0.15,
    distance: 40,
    includeScore: true,
  });
  return fuse.search(text, { limit: most }).map(({ item, score }) => ({ title: item.title, score: score ?? 0 }));
}
