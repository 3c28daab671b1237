import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

export class JsonStore {
  constructor(file) {
    this.file = file;
    this.data = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  }

  get(key) {
    return this.data[key];
  }

  set(key, value) {
    this.data[key] = value;
    this.save();
  }

  delete(key) {
    delete this.data[key];
    this.save();
  }

  values() {
    return Object.values(this.data);
  }

  save() {
    const next = `${this.file}.tmp`;
    writeFileSync(next, JSON.stringify(this.data, null, 2));
    renameSync(next, this.file);
  }
}
