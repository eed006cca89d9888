import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    setupFiles: ['test/support/fixedSeed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{domain,protocol,renderer,main,tools}/**/*.test.{ts,tsx}'],
        },
      },
      {
        extends: true,
        test: { name: 'server', include: ['test/server/**/*.test.ts'], testTimeout: 20_000 },
      },
    ],
  },
});
