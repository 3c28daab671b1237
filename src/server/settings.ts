import { defaultThresholds, settingOf, type ThresholdName, type Thresholds, thresholdNames, thresholdOf } from '../core/findings/thresholds';
import type { Settings } from '../protocol/lsp';

export const defaultSettings: Settings = {
  lineThreshold: 1,
  thresholds: mapThresholds((name) => settingOf(name, defaultThresholds[name])),
  inlayHints: true,
  costLenses: false,
  runLenses: false,
  ignoredRules: [],
};

/** Settings from a client, whatever it sends: unknown and unfit values give way to the defaults. Percentages. */
export function readSettings(given: unknown, base: Settings = defaultSettings): Settings {
  const from = (given ?? {}) as { [K in keyof Settings]?: unknown };
  const thresholds = (from.thresholds ?? {}) as { [K in keyof Settings['thresholds']]?: unknown };
  const percent = (value: unknown, fallback: number): number => (typeof value === 'number' && value >= 0 && value <= 100 ? value : fallback);
  const flag = (value: unknown, fallback: boolean): boolean => (typeof value === 'boolean' ? value : fallback);
  return {
    lineThreshold: percent(from.lineThreshold, base.lineThreshold),
    thresholds: mapThresholds((name) => (thresholdOf(name, thresholds[name]) === undefined ? base.thresholds[name] : (thresholds[name] as number))),
    inlayHints: flag(from.inlayHints, base.inlayHints),
    costLenses: flag(from.costLenses, base.costLenses),
    runLenses: flag(from.runLenses, base.runLenses),
    ignoredRules: Array.isArray(from.ignoredRules) ? from.ignoredRules.filter((rule): rule is string => typeof rule === 'string') : base.ignoredRules,
  };
}

export function thresholdsOf({ thresholds }: Settings): Thresholds {
  return mapThresholds((name) => thresholdOf(name, thresholds[name]) ?? defaultThresholds[name]);
}

function mapThresholds(value: (name: ThresholdName) => number): Thresholds {
  return Object.fromEntries(thresholdNames.map((name) => [name, value(name)])) as Record<ThresholdName, number>;
}
