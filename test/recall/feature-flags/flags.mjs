import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

export class Flags {
  constructor(file) {
    this.file = file;
  }

  settings() {
    return load(readFileSync(this.file, 'utf8'));
  }

  isOn(name, user) {
    const flag = this.settings().flags[name];
    if (!flag?.enabled) return false;
    if (flag.countries && !flag.countries.includes(user.country)) return false;
    return user.id % 100 < (flag.percent ?? 100);
  }
}
