interface Entry<V> {
  key: string;
  value: V;
  used: number;
}

/** Keeps what was used last. */
export class RecentCache<V> {
  private readonly entries = new Map<string, Entry<V>>();
  private clock = 0;
  hits = 0;
  misses = 0;

  constructor(private readonly most: number) {}

  get(key: string): V | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) {
      this.misses += 1;
      return undefined;
    }
    this.hits += 1;
    entry.used = ++this.clock;
    return entry.value;
  }

  set(key: string, value: V): void {
    if (!this.entries.has(key) && this.entries.size >= this.most) this.evict();
    this.entries.set(key, { key, value, used: ++this.clock });
  }

  private evict(): void {
    const [oldest] = [...this.entries.values()].sort((a, b) => a.used - b.used);
    this.entries.delete(oldest.key);
  }
}
