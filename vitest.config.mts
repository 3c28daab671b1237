import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 120_000, maxWorkers: 2 } },
      // Programs are measured here: whatever runs beside them is in what they answer.
      { test: { name: 'alone', include: ['test/alone/**/*.test.ts'], testTimeout: 120_000, fileParallelism: false } },
      { test: { name: 'journeys', include: ['test/journeys/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 180_000, fileParallelism: false } },
    ],
  },
});
