import { gzipSync } from 'node:zlib';
import { writePprof } from '../../core/formats/write/pprof-write';
import type { ProfileTables } from '../../core/profile/tables';

/** pprof as its tools expect a file: compressed with gzip. */
export const packedPprof = (tables: ProfileTables): Uint8Array => gzipSync(writePprof(tables));
