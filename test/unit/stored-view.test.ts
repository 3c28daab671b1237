import { describe, expect, test } from 'vitest';
import { functionIndex } from '../../src/shared/brands';
import { storedView, storeView } from '../../src/source/stored-view';
import { cpuProfile, outputs, scriptOf, viewOf } from '../support/map-runs';
import { readOk } from '../support/raw-profile';
import { root } from '../support/run';

/** A view that has only the answers says what the one says that follows the maps, through every compiler. */
describe.each(outputs.slice(0, 6))('what %s made', (output) => {
  test('is the same in another thread', () => {
    const { tables, costs, sources } = viewOf(readOk(cpuProfile(scriptOf(output))).tables);
    const all = Array.from({ length: tables.functions.length }, (_, func) => functionIndex(func));
    const urlOf = (func: number): string => tables.strings.at(tables.functions.url[func] as number);
    // As it arrives in another thread.
    const stored = storedView(structuredClone(storeView(sources, costs, all)), [root], urlOf);
    for (const func of all) {
      expect(stored.place(func)).toEqual(sources.place(func));
      expect(stored.placeInText(func)).toEqual(sources.placeInText(func));
      expect(stored.fileOf(func)).toBe(sources.fileOf(func));
      expect(stored.hasMap(func)).toBe(sources.hasMap(func));
      expect(stored.sourcesOf(func)).toEqual(sources.sourcesOf(func));
      expect(stored.withoutLine(func)).toBe(sources.withoutLine(func));
      expect(stored.functionLines(func)).toEqual(sources.functionLines(func));
    }
    expect(all.some((func) => sources.hasMap(func))).toBe(true);
    for (const costsOfFile of sources.files()) expect(stored.file(costsOfFile.file)).toEqual(costsOfFile);
    expect(new Set([...stored.files()].map(({ file }) => file))).toEqual(new Set([...sources.files()].map(({ file }) => file)));
    expect(stored.file('/nowhere/at/all.js')).toBeUndefined();
    expect(sources.lines()).toMatchObject(stored.lines());
  });
});
