export class Cache<V> {
  private readonly values = new Map<string, { value: V; until: number }>();

  constructor(private readonly seconds: number) {}

  async get(key: string, make: () => Promise<V>): Promise<V> {
    const known = this.values.get(key);
    if (known !== undefined && known.until > Date.now()) return known.value;
    const value = await make();
    this.values.set(key, { value, until: Date.now() + this.seconds * 1000 });
    return value;
  }
}
