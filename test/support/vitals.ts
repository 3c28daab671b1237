import type { Vitals } from '../../src/core/doctor/vitals';

/** What three seconds of a program without any trouble are measured as, but for what is given. Times are microseconds. */
export const quietVitals = (given: Partial<Vitals> = {}): Vitals => ({
  version: 1,
  from: 0,
  to: 3_000_000,
  isFinal: true,
  cpu: { user: 200_000, system: 0 },
  delay: { p50: 0, p99: 0, max: 0, count: 100 },
  blocks: { count: 0, longest: [] },
  gc: [],
  memory: [],
  resources: { samples: 1, kinds: [] },
  sites: [],
  unplaced: 0,
  incoming: { count: 0, total: 0, busy: 0, maxInFlight: 0, ports: [] },
  isListening: false,
  ...given,
});
