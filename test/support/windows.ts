import { readCpuProfile } from '../../src/core/formats/cpuprofile';
import type { ByteSource } from '../../src/core/json/json-window';
import type { BuiltProfile } from '../../src/core/profile/build/build-tables';
import { encodeSlab } from '../../src/core/profile/slab';
import type { ProfileIssue } from '../../src/shared/issue';
import type { Result } from '../../src/shared/result';

type Reading = Result<BuiltProfile, ProfileIssue>;

/** Windows that cut every kind of token somewhere. */
export const windows: readonly number[] = [1, 7, 64];

/** Bytes in pieces of `size` at most. */
export function piecesOf(bytes: Uint8Array, size: number): ByteSource {
  let at = 0;
  return {
    read(into) {
      const piece = bytes.subarray(at, at + Math.min(size, into.length));
      into.set(piece);
      at += piece.length;
      return piece.length;
    },
  };
}

export const readThrough = (bytes: Uint8Array, window: number): Reading => readCpuProfile(piecesOf(bytes, window), window);

/** Equal tables, to the byte, and equal warnings; or the same issue. */
export function sameReading(a: Reading, b: Reading): boolean {
  if (!a.ok || !b.ok) return JSON.stringify(a) === JSON.stringify(b);
  if (JSON.stringify(a.value.warnings) !== JSON.stringify(b.value.warnings)) return false;
  return Buffer.compare(new Uint8Array(encodeSlab(a.value.tables)), new Uint8Array(encodeSlab(b.value.tables))) === 0;
}

/** Reads whole bytes, and makes sure that no window shows anything else. */
export function readEveryWay(bytes: Uint8Array): Reading {
  const whole = readCpuProfile(bytes);
  for (const window of bytes.length > 1_000_000 ? [10_007] : windows) {
    if (!sameReading(whole, readThrough(bytes, window))) throw new Error(`a window of ${window} bytes shows something else`);
  }
  return whole;
}
