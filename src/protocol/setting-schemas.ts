/** What each setting of the editor may be; `package.json` says the same to VS Code, which only underlines what does not fit. */
import * as v from 'valibot';
import { thresholdNames } from '../core/findings/thresholds';
import { list } from '../shared/schemas/base';

const whole = (least: number, most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));
const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));
const line = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(4096),
  v.check((text) => !/\p{Cc}/u.test(text), 'a path on one line'),
);

export const settingSchemas = {
  samplingInterval: whole(50, 1_000_000),
  checkpoint: whole(1, 86_400),
  daemons: v.picklist(['leave', 'end']),
  'heap.samplingInterval': whole(1, 2 ** 30),
  'heap.includeCollected': v.boolean(),
  'heap.internalReferences': v.boolean(),
  'hunt.trackAllocations': v.boolean(),
  nodePath: line,
  profilesFolder: line,
  'annotations.text': v.boolean(),
  'annotations.column': v.picklist(['auto', 'always', 'never']),
  'annotations.threshold': percent,
  'annotations.inlayHints': v.boolean(),
  'onlyMyCode.exclude': list(v.string()),
  'onlyMyCode.default': v.boolean(),
  'open.location': v.picklist(['ownGroup', 'beside', 'active']),
  'codeLens.run': v.boolean(),
  'codeLens.cost': v.boolean(),
  'codeLens.tests': v.boolean(),
  'codeLens.scripts': v.boolean(),
  ignoredRules: list(v.string()),
} as const;
export type SettingName = keyof typeof settingSchemas;

/** Of the findings, whose names come from the thresholds: `findings.NAME`. */
export const thresholdSchemas: Readonly<Record<string, v.GenericSchema<unknown, number>>> = Object.fromEntries(
  thresholdNames.map((name) => [
    `findings.${name}`,
    name === 'minSamples' ? whole(0, Number.MAX_SAFE_INTEGER) : name === 'recursionDepth' ? whole(2, Number.MAX_SAFE_INTEGER) : percent,
  ]),
);
