import { formatShare, formatTime, plural, printable, shorten } from '../../shared/format';
import type { OwnCost } from './profile-summary';

/** What a function calls outside of the user's code, where that is nearly all of its time: said by its name, with the advice that fits. */

/** Of a function's cost, what its calls into one package, or into one function of the runtime, must have. */
const NEARLY_ALL = 0.6;
/** … and of that, what its largest part must have to be named. */
const MOST = 0.5;

export interface HotCall {
  /** `renderFile of pug`. */
  readonly what: string;
  readonly summary: string;
  readonly advice: string;
}

/** Packages that make a function of a template. */
const TEMPLATES: ReadonlySet<string> = new Set([
  'pug',
  'jade',
  'ejs',
  'handlebars',
  'hbs',
  'mustache',
  'hogan.js',
  'nunjucks',
  'eta',
  'squirrelly',
  'liquidjs',
  'twig',
  'dot',
  'art-template',
  'edge.js',
  'haml',
  'swig',
  'swig-templates',
  'template7',
  'underscore',
]);

const CALL_LESS = 'Call it less often: once for many, with less, only where something has changed, or keep what it gave.';
const COMPILE_ONCE =
  'Compile each template once, outside of the function that answers (compile or compileFile, or the option cache), and call the function that this gives.';
const SEND_LESS = 'Write less: a page of a long list, and only the fields that are needed; keep the finished text of what is the same for many.';

/** Undefined where its own lines, or calls into several packages, have the time. `active` and `requests` are of the whole recording. */
export function hotCall({ name, cost, self, callees }: OwnCost, active: number, requests = 0): HotCall | undefined {
  const [first] = callees;
  if (!first || first.called === '' || active <= 0) return undefined;
  const same = callees.filter((one) => (first.package === '' ? one === first : one.package === first.package));
  const sum = (of: (one: (typeof same)[number]) => number): number => same.reduce((before, one) => before + of(one), 0);
  const whole = sum((one) => one.cost);
  if (whole < NEARLY_ALL * cost) return undefined;
  const writing = sum((one) => one.writing);
  const isJson = writing >= MOST * whole;
  const isWriter = isJson && first.package === '' && first.called === 'stringify';
  const what = isWriter ? 'JSON.stringify' : `${label(first.called)}${first.package === '' ? '' : ` of ${label(first.package)}`}`;
  const compiling = TEMPLATES.has(first.package) ? sum((one) => one.compiling) : 0;
  const isCompiled = compiling >= MOST * whole;
  const inside = isJson
    ? isWriter
      ? ''
      : `; ${formatShare(writing / whole)} of that is JSON.stringify`
    : isCompiled
      ? `; ${formatShare(compiling / whole)} of that is reading and compiling templates`
      : '';
  const each = requests > 0 ? `, ${formatTime(whole / requests)} for each of ${plural(requests, 'request')} on average` : '';
  return {
    what,
    summary: `${label(name)} calls ${what}, which takes ${formatTime(whole)}, ${formatShare(whole / active)} of the active time${each}${inside}. Its own lines take ${formatShare(self / active)}.`,
    advice: isJson ? SEND_LESS : isCompiled ? COMPILE_ONCE : CALL_LESS,
  };
}

const label = (name: string): string => shorten(printable(name.replace(/^(?:module\.)?exports\./, '')), 60) || '(anonymous)';
