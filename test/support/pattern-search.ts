import { afterAll, beforeAll } from 'vitest';
import { type PatternScanner, patternScanner } from '../../src/service/patterns/pattern-scanner';
import { dist } from './patterns';
import { type Folder, temporaryFolder } from './run';

/** A folder and a scanner for the tests of a file, which are gone after them. */
export function patternSearch(): { readonly folder: Folder; readonly scanner: PatternScanner } {
  let folder: Folder | undefined;
  let scanner: PatternScanner | undefined;
  beforeAll(() => {
    folder = temporaryFolder();
    scanner = patternScanner(dist);
  });
  afterAll(() => {
    scanner?.dispose();
    folder?.remove();
  });
  return {
    get folder() {
      return folder as Folder;
    },
    get scanner() {
      return scanner as PatternScanner;
    },
  };
}
