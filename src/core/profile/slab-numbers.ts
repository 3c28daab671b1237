/**
 * The columns of a slab, each in the form that needs the fewest bytes:
 *
 *   zeros       every value is 0; nothing is stored
 *   u8 … u32    values of so many bits; u24 is a plane of u16, then one of u8
 *   f64         values as they are
 *   steps-u8 …  each value is the one before and a step; for columns that rise
 *   derived     follows from other columns; nothing is stored
 *
 * Signed columns are stored one higher, for the −1 that means "none".
 */
export type Form = 'zeros' | 'u8' | 'u16' | 'u24' | 'u32' | 'f64' | 'steps-u8' | 'steps-u16' | 'steps-u32' | 'derived';
export type Numbers = Uint8Array | Uint32Array | Int32Array | Float64Array;

const widths: Readonly<Record<Form, number>> = {
  ...{ zeros: 0, derived: 0 },
  ...{ u8: 1, u16: 2, u24: 3, u32: 4, f64: 8 },
  ...{ 'steps-u8': 1, 'steps-u16': 2, 'steps-u32': 4 },
};

/** Bytes that so many rows take. */
export const planeBytes = (form: Form, rows: number): number => widths[form] * rows;

/** The shortest form of a column; `first` is where the steps of one that rises begin. O(rows). */
export function formOf(values: Numbers, isStored: boolean, first: number | undefined): Form {
  if (values.length === 0) return 'zeros';
  if (first !== undefined) {
    const largest = largestStep(values, first);
    if (largest !== undefined) return largest < 0x100 ? 'steps-u8' : largest < 0x10000 ? 'steps-u16' : 'steps-u32';
  }
  const lift = values instanceof Int32Array ? 1 : 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = (values[i] as number) + lift;
    // Also for what is no number, −0, and beyond 32 bits.
    if (value >>> 0 !== value || Object.is(values[i], -0)) return values instanceof Float64Array ? 'f64' : 'u32';
    if (value > largest) largest = value;
  }
  if (largest === 0 && lift === 0 && !isStored) return 'zeros';
  return largest < 0x100 ? 'u8' : largest < 0x10000 ? 'u16' : largest < 0x1000000 ? 'u24' : 'u32';
}

/** The largest of the steps, if whole steps of up to 32 bits give every value again exactly. */
function largestStep(values: Numbers, first: number): number | undefined {
  let largest = 0;
  let before = first;
  for (let i = 0; i < values.length; i++) {
    const step = (values[i] as number) - before;
    if (step >>> 0 !== step || before + step !== values[i]) return undefined;
    if (step > largest) largest = step;
    before += step;
  }
  return largest;
}

type Stored = Uint8Array | Uint16Array | Uint32Array;

export function writeNumbers(buffer: ArrayBuffer, offset: number, form: Form, values: Numbers, first = 0): void {
  const { length } = values;
  const lift = values instanceof Int32Array ? 1 : 0;
  const write = (into: Stored): void => {
    for (let i = 0; i < length; i++) into[i] = (values[i] as number) + lift;
  };
  const writeSteps = (into: Stored): void => {
    let before = first;
    for (let i = 0; i < length; i++) {
      into[i] = (values[i] as number) - before;
      before = values[i] as number;
    }
  };
  switch (form) {
    case 'zeros':
    case 'derived':
      return;
    case 'u8':
      return write(new Uint8Array(buffer, offset, length));
    case 'u16':
      return write(new Uint16Array(buffer, offset, length));
    case 'u32':
      return write(new Uint32Array(buffer, offset, length));
    case 'u24': {
      const low = new Uint16Array(buffer, offset, length);
      const high = new Uint8Array(buffer, offset + 2 * length, length);
      for (let i = 0; i < length; i++) {
        const value = (values[i] as number) + lift;
        low[i] = value;
        high[i] = value >>> 16;
      }
      return;
    }
    case 'f64':
      return new Float64Array(buffer, offset, length).set(values);
    case 'steps-u8':
      return writeSteps(new Uint8Array(buffer, offset, length));
    case 'steps-u16':
      return writeSteps(new Uint16Array(buffer, offset, length));
    case 'steps-u32':
      return writeSteps(new Uint32Array(buffer, offset, length));
  }
}

/** The column, or undefined where a form is none of this kind of column. Bytes and floats are views of the buffer, the rest is new. */
export function readNumbers(
  buffer: ArrayBuffer,
  offset: number,
  form: Form,
  length: number,
  as: 'u8' | 'u32' | 'i32' | 'f64',
  first: number | undefined,
): Numbers | undefined {
  if (as === 'u8') return form === 'u8' ? new Uint8Array(buffer, offset, length) : form === 'zeros' ? new Uint8Array(length) : undefined;
  if (as === 'f64' && form === 'f64') return new Float64Array(buffer, offset, length);
  const into = as === 'u32' ? new Uint32Array(length) : as === 'i32' ? new Int32Array(length) : new Float64Array(length);
  const lift = as === 'i32' ? 1 : 0;
  const read = (from: Stored): Numbers => {
    if (lift === 0) into.set(from);
    else for (let i = 0; i < length; i++) into[i] = (from[i] as number) - lift;
    return into;
  };
  const readSteps = (from: Stored): Numbers | undefined => {
    if (first === undefined) return undefined;
    let value = first;
    for (let i = 0; i < length; i++) {
      value += from[i] as number;
      into[i] = value;
    }
    return into;
  };
  switch (form) {
    case 'zeros':
      return lift === 0 ? into : into.fill(-lift);
    case 'u8':
      return read(new Uint8Array(buffer, offset, length));
    case 'u16':
      return read(new Uint16Array(buffer, offset, length));
    case 'u32':
      return read(new Uint32Array(buffer, offset, length));
    case 'u24': {
      const low = new Uint16Array(buffer, offset, length);
      const high = new Uint8Array(buffer, offset + 2 * length, length);
      for (let i = 0; i < length; i++) into[i] = (low[i] as number) + (high[i] as number) * 0x10000 - lift;
      return into;
    }
    case 'steps-u8':
      return readSteps(new Uint8Array(buffer, offset, length));
    case 'steps-u16':
      return readSteps(new Uint16Array(buffer, offset, length));
    case 'steps-u32':
      return readSteps(new Uint32Array(buffer, offset, length));
    default:
      return undefined;
  }
}
