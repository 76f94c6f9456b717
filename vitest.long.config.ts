import { defineConfig } from 'vitest/config';
import short from './vitest.config.js';

/** The long suite: the same rules with larger numbers, for the night and for CI. */
export default defineConfig({
  ...short,
  test: {
    ...short.test,
    include: ['test/long/**/*.test.ts'],
    exclude: [],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    passWithNoTests: true,
  },
});
