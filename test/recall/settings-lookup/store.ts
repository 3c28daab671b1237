export class MissingSetting extends Error {
  constructor(
    readonly store: string,
    readonly key: string,
  ) {
    super(`${store} has no setting "${key}"`);
    this.name = 'MissingSetting';
  }
}

/** Settings of one level: company, site or device. */
export class SettingsStore {
  private readonly values: Map<string, string>;

  constructor(
    readonly name: string,
    values: Record<string, string>,
  ) {
    this.values = new Map(Object.entries(values));
  }

  get(key: string): string {
    const value = this.values.get(key);
    if (value === undefined) throw new MissingSetting(this.name, key);
    return value;
  }

  set(key: string, value: string): void {
    this.values.set(key, value);
  }
}
