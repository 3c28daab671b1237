// The order in which a crawler visits the pages of a site, with the depth of each.
import { Site } from './site';

interface Visit {
  page: number;
  depth: number;
}

function crawl(site: Site, start: number, maxDepth: number): Map<number, number> {
  const depths = new Map<number, number>([[start, 0]]);
  const queue: Visit[] = [{ page: start, depth: 0 }];
  while (queue.length > 0) {
    const visit = queue.shift() as Visit;
    if (visit.depth === maxDepth) continue;
    for (const link of site.linksOf(visit.page)) {
      if (depths.has(link)) continue;
      depths.set(link, visit.depth + 1);
      queue.push({ page: link, depth: visit.depth + 1 });
    }
  }
  return depths;
}

function histogram(depths: Map<number, number>): number[] {
  const counts: number[] = [];
  for (const depth of depths.values()) counts[depth] = (counts[depth] ?? 0) + 1;
  return counts;
}

const site = new Site(120_000);
const depths = crawl(site, 0, 40);
console.log(`${depths.size} pages reached`);
histogram(depths).forEach((count, depth) => console.log(`depth ${depth}: ${count}`));
