import { formatBytes, formatCount, printable, shorten } from '../../shared/format';
import type { RuleIssue } from '../../shared/issue';

/** What is wrong with a rule of the user's own, in words, and what to do. */
export function describeRuleIssue(issue: RuleIssue): string {
  switch (issue.kind) {
    case 'unreadable-rules':
      return `The rules cannot be read: ${issue.detail}.`;
    case 'too-large-rules':
      return `The file has ${formatBytes(issue.bytes)}; up to ${formatBytes(issue.limit)} of rules are read. Split it into several.`;
    case 'too-many-rules':
      return `Only ${formatCount(issue.limit)} ${issue.of} are read; what comes after is left out.`;
    case 'not-yaml':
      return `This is not YAML: ${printable(shorten(issue.detail, 200))}.`;
    case 'alias':
      return 'Aliases are not read, as they can make a small file huge. Write out what it refers to.';
    case 'too-deep':
      return 'This is nested too deeply for a rule.';
    case 'not-a-rule':
      return 'A rule is a mapping with id, languages, message, gate and ast. Several rules in one file are separated by lines of ---.';
    case 'unknown-field':
      return `There is no field "${printable(issue.field)}" here. There are: ${issue.known.join(', ')}.`;
    case 'missing-field':
      return `The field "${issue.field}" is missing.`;
    case 'twice':
      return `"${printable(issue.field)}" is here twice. Remove one of them.`;
    case 'wrong-type':
      return `${issue.field} must be ${issue.expected}.`;
    case 'unknown-value':
      return `${issue.field} cannot be "${printable(issue.value)}". It is one of ${issue.known.join(', ')}.`;
    case 'bad-id':
      return `"${printable(issue.id)}" is no id: small letters, digits and single dashes, such as no-sync-in-render.`;
    case 'built-in-id':
      return `Plateau has a rule "${issue.id}" itself. Choose another id.`;
    case 'duplicate-id':
      return `There is a rule "${issue.id}" already, in ${issue.file}. Choose another id.`;
    case 'no-gate':
      return 'The gate needs minSelfPct, minTotalPct or minFunctionPct: the percentage from which the rule speaks.';
    case 'bad-regex':
      return `This is no regular expression: ${printable(issue.detail)}.`;
    case 'bad-pattern':
      return `This pattern is not code in ${issue.language}. Write it as a whole expression or statement, with variables such as $A and $$$ARGS.`;
    case 'bad-ast':
      return `ast-grep does not take this for ${issue.language}: ${printable(shorten(plainDetail(issue.detail), 300))}.`;
    case 'unknown-capture':
      return `No pattern of this rule has a variable $${issue.capture}.`;
    case 'script-only':
      return `The condition "${issue.condition}" is for JavaScript and TypeScript alone. Use context or text for other languages.`;
  }
}

/** ast-grep tells its reasons from the outside in: the last ones say what is wrong. */
const plainDetail = (detail: string): string =>
  detail
    .split('|->')
    .slice(-2)
    .map((part) => part.replace(/\s+/g, ' ').trim().replace(/\.$/, ''))
    .join(': ');
