/** A site of numbered pages; every page links to a menu, to its children and to some others. */
export class Site {
  constructor(private readonly size: number) {}

  linksOf(page: number): number[] {
    const links: number[] = [];
    for (let i = 0; i < 14; i++) links.push((page * 14 + i + 1) % this.size);
    let seed = page;
    for (let i = 0; i < 3; i++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      links.push(seed % this.size);
    }
    return links;
  }
}
