import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Notes in a file of JSON. */
export class Store {
  #file;
  #data;

  constructor(file) {
    this.#file = file;
    this.#data = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { version: 1, notes: [], tags: {} };
  }

  add(note) {
    const id = this.#data.notes.length + 1;
    this.#data.notes.push({ id, ...note });
    for (const tag of note.tags) (this.#data.tags[tag] ??= []).push(id);
    this.#save();
    return id;
  }

  edit(id, text) {
    const note = this.#data.notes[id - 1];
    if (!note) throw new RangeError(`no note ${id}`);
    note.text = text;
    note.edited = true;
    this.#save();
  }

  tagged(tag) {
    return (this.#data.tags[tag] ?? []).map((id) => this.#data.notes[id - 1]);
  }

  get size() {
    return this.#data.notes.length;
  }

  #save() {
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#data, null, 2));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
