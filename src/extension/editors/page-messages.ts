/** What the pages of webviews may say. A page shows what strangers wrote: what it asks for is checked before it is done. */
import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { FromDoctorView } from '../../protocol/doctor';
import type { FromHuntPanel } from '../../protocol/heap-record';
import type { FromHeapWebview } from '../../protocol/heap-webview';
import { readPreferences, readUnfolded, type ViewState } from '../../protocol/view-state';
import type { FromWebview } from '../../protocol/webview';
import { findingStatuses } from '../../shared/finding-status';
import type { HeapQueryName } from '../../shared/heap-query';

const text = v.string();
const index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const amount = v.pipe(v.number(), v.finite());
/** Its reader takes from a state what fits. */
const state = v.custom<ViewState & { readonly slab?: string }>((given) => typeof given === 'object' && given !== null && !Array.isArray(given));
const kind = <K extends string>(name: K) => v.strictObject({ kind: v.literal(name) });
const copy = v.strictObject({ kind: v.literal('copy'), text, what: text });

export const profilePage: v.GenericSchema<unknown, FromWebview> = v.variant('kind', [
  kind('ready'),
  v.strictObject({ kind: v.literal('shown'), nodes: amount, milliseconds: amount }),
  v.strictObject({ kind: v.literal('openSource'), func: index, line: v.optional(index), beside: v.boolean() }),
  v.strictObject({ kind: v.literal('wantLines'), func: index, isWhole: v.boolean() }),
  v.strictObject({ kind: v.literal('state'), state }),
  kind('openSpeedscope'),
  v.strictObject({ kind: v.literal('preferences'), preferences: v.pipe(v.unknown(), v.transform(readPreferences)) }),
  v.strictObject({ kind: v.literal('unfolded'), unfolded: v.pipe(v.unknown(), v.transform(readUnfolded)) }),
  v.strictObject({ kind: v.literal('copyLink'), state }),
  kind('profileAgain'),
  v.strictObject({ kind: v.literal('choose'), select: v.union([index, v.literal('merge')]) }),
  kind('retry'),
  v.strictObject({ kind: v.literal('finding'), act: v.picklist(['explain', 'goTo', 'fix', 'fixAndProfileAgain']), id: text }),
  v.strictObject({ kind: v.literal('setFindingStatus'), ids: v.array(text), status: v.picklist(findingStatuses) }),
  copy,
]);

/** Not `compare`, which reads a file: that has a message of its own. */
const heapQueries = ['rows', 'object', 'find', 'statistics', 'icicle', 'place'] as const satisfies readonly HeapQueryName[];
const heapQuery = v.looseObject({ node: v.optional(index), id: v.optional(index), from: v.optional(index), to: v.optional(index) });

export const heapPage: v.GenericSchema<unknown, FromHeapWebview> = v.variant('kind', [
  kind('ready'),
  v.strictObject({ kind: v.literal('shown'), milliseconds: amount }),
  v.strictObject({ kind: v.literal('query'), token: amount, name: v.picklist(heapQueries), query: heapQuery }),
  v.strictObject({ kind: v.literal('compare'), base: v.optional(text) }),
  v.strictObject({ kind: v.literal('openSource'), node: index }),
  v.strictObject({ kind: v.literal('setInternal'), isShown: v.boolean() }),
  kind('cancel'),
  kind('retry'),
  copy,
]);

export const doctorPage: v.GenericSchema<unknown, FromDoctorView> = v.variant('kind', [
  kind('ready'),
  kind('flame'),
  kind('line'),
  kind('hunt'),
  kind('again'),
  kind('retry'),
]);

export const huntPage: v.GenericSchema<unknown, FromHuntPanel> = v.variant('kind', [
  kind('ready'),
  kind('next'),
  kind('cancel'),
  kind('again'),
  kind('other-thread'),
  v.strictObject({ kind: v.literal('place'), file: text, line: amount, column: amount }),
  v.strictObject({ kind: v.literal('snapshot'), file: text, id: index }),
]);

/** Does what a page asks for; what is no message of its is not done. */
export const onPageMessage = <M>(webview: vscode.Webview, page: v.GenericSchema<unknown, M>, run: (message: M) => void): vscode.Disposable =>
  webview.onDidReceiveMessage((given: unknown) => {
    const read = v.safeParse(page, given);
    if (read.success) run(read.output);
    else console.warn(`Plateau: a page sent what is no message: ${v.summarize(read.issues).slice(0, 500)}`);
  });

/** Whether something that was sent to a page names a file as such: only such a file may the page ask to be opened. */
export function namesFile(sent: unknown, file: string): boolean {
  if (typeof sent !== 'object' || sent === null) return false;
  return ('file' in sent && sent.file === file) || Object.values(sent).some((value) => namesFile(value, file));
}
