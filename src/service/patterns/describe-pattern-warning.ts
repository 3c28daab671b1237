import { formatCount, plural } from '../../shared/format';
import type { PatternWarning } from './pattern-scanner';

/** What the search for patterns left out, in words. */
export function describePatternWarning(warning: PatternWarning): string {
  switch (warning.kind) {
    case 'too-slow':
      return warning.rule === undefined
        ? `${warning.file} took longer than ${formatCount(warning.limitMs)} ms to parse and was not searched for patterns.`
        : `The rule ${warning.rule} took longer than ${formatCount(warning.limitMs)} ms in ${warning.file} and was left out there. A regular expression in it may backtrack; make it stricter.`;
    case 'rule-failed':
      return warning.rule === undefined
        ? `${warning.file} could not be searched for patterns: ${warning.detail}.`
        : `The rule ${warning.rule} failed in ${warning.file} and was left out there: ${warning.detail}. Check its syntax.`;
    case 'missing-source':
      return `${warning.file} is not on this machine, so ${plural(warning.functions, 'hot function')} could not be searched for patterns. Open the folder that it is in.`;
    case 'changed-source':
      return `${plural(warning.functions, 'hot function')} of ${warning.file} ${warning.functions === 1 ? 'has' : 'have'} changed since the recording and ${warning.functions === 1 ? 'was' : 'were'} not searched for patterns. Record again.`;
    case 'wrong-map':
      return `The source map of ${warning.file} leads to no function for ${plural(warning.functions, 'hot function')}, which ${warning.functions === 1 ? 'was' : 'were'} not searched for patterns. Its costs may be a few lines off.`;
    case 'no-columns':
      return `${plural(warning.functions, 'hot function')} of ${warning.file} ${warning.functions === 1 ? 'stands' : 'stand'} in this profile by line alone, ${warning.functions === 1 ? 'was not found by that and was' : 'were not found by that and were'} not searched for patterns. The profile as it was recorded (.cpuprofile) has the places.`;
    case 'long-functions':
      return `${plural(warning.functions, 'hot function')} of ${warning.file} ${warning.functions === 1 ? 'is' : 'are'} too long to be searched for patterns.`;
    case 'long-lines':
      return warning.isMapped
        ? `${warning.file} is minified (a line of ${formatCount(warning.length)} characters), and its source map leads nowhere for some of its hot code, which was not searched for patterns.`
        : `${warning.file} is minified (a line of ${formatCount(warning.length)} characters) and was not searched for patterns there. Build it with a source map.`;
    case 'too-large':
      return `${warning.file} is too large (${formatCount(warning.length)} characters) to be searched for patterns.`;
    case 'out-of-time':
      return `The search for patterns took too long; ${plural(warning.files, 'file')} ${warning.files === 1 ? 'was' : 'were'} left out.`;
    case 'engine-failed':
      return `Patterns could not be searched for: ${warning.detail}. If a file of Plateau is missing, install it again.`;
  }
}
