import type { ProfileTables } from '../core/profile/tables';
import { withInlinedFunctions } from './inlined-functions';
import { withOriginalNames } from './original-names';

/** V8's profile with what its sources tell of it: inlined functions by themselves, and the names that a minifier took. */
export const asWritten = (tables: ProfileTables): ProfileTables => withOriginalNames(withInlinedFunctions(tables));
