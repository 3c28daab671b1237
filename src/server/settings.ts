import { defaultThresholds, type Thresholds } from '../core/findings/thresholds';
import type { Settings } from '../protocol/lsp';

export const defaultSettings: Settings = {
  lineThreshold: 1,
  thresholds: { plateau: 20, bottleneck: 40, gc: 10, minSamples: defaultThresholds.minSamples },
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
    thresholds: {
      plateau: percent(thresholds.plateau, base.thresholds.plateau),
      bottleneck: percent(thresholds.bottleneck, base.thresholds.bottleneck),
      gc: percent(thresholds.gc, base.thresholds.gc),
      minSamples: typeof thresholds.minSamples === 'number' && thresholds.minSamples >= 0 ? thresholds.minSamples : base.thresholds.minSamples,
    },
    inlayHints: flag(from.inlayHints, base.inlayHints),
    costLenses: flag(from.costLenses, base.costLenses),
    runLenses: flag(from.runLenses, base.runLenses),
    ignoredRules: Array.isArray(from.ignoredRules) ? from.ignoredRules.filter((rule): rule is string => typeof rule === 'string') : base.ignoredRules,
  };
}

export function thresholdsOf({ thresholds }: Settings): Thresholds {
  return {
    ...defaultThresholds,
    plateau: thresholds.plateau / 100,
    bottleneck: thresholds.bottleneck / 100,
    gc: thresholds.gc / 100,
    minSamples: thresholds.minSamples,
  };
}
