import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**'],
    setupFiles: ['test/setup.ts'],
    // One core would be left for whoever watches; nobody does.
    maxWorkers: '100%',
    // Files share the modules that are loaded, and what V8 has made of them; whoever bends one bends it back.
    isolate: false,
    // No verdict on time: a slow machine takes longer, and is right all the same.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
