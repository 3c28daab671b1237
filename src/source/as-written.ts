import { withLostFrames } from '../core/profile/costs/lost-frames';
import type { ProfileTables } from '../core/profile/tables';
import { withInlinedFunctions } from './inlined-functions';
import { withOriginalNames } from './maps/original-names';

/** V8's profile with what is known of it besides: frames that it lost, inlined functions by themselves, and the names that a minifier took. */
export const asWritten = (tables: ProfileTables): ProfileTables => withOriginalNames(withLostFrames(withInlinedFunctions(tables)));
