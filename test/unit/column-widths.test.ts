import { describe, expect, test } from 'vitest';
import { readWidths } from '../../src/protocol/column-widths';
import { readHeapState } from '../../src/protocol/heap-webview';
import { readViewState } from '../../src/protocol/view-state';

describe('widths of columns from outside', () => {
  test('what fits is taken', () => {
    expect(readWidths({ self: 120, name: 40, file: 1200 })).toEqual({ self: 120, name: 40, file: 1200 });
    expect(readHeapState({ widths: { retained: 99 } }).widths).toEqual({ retained: 99 });
    expect(readViewState({ widths: { self: 99 } }).widths).toEqual({ self: 99 });
  });

  test.each([[undefined], [null], [7], ['wide'], [{ self: '120' }], [{ self: 39 }], [{ self: 1201 }], [{ self: Number.NaN }], [{ self: {} }]])(
    '%j is none',
    (given) => expect(readWidths(given)).toEqual({}),
  );

  test('no more than a table can have', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`c${i}`, 100]));
    expect(Object.keys(readWidths(many))).toHaveLength(50);
  });
});
