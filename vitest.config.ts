import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**'],
    setupFiles: ['test/setup.ts'],
    // No verdict on time: a slow machine takes longer, and is right all the same.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
