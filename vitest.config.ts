import { defineConfig } from 'vitest/config';

// Specs also compile into `dist`; only the sources run, once.
export default defineConfig({
  test: {
    include: ['{contracts,infra}/src/**/*.spec.ts', '{libs,services,apps}/*/src/**/*.spec.ts', 'test/src/**/*.spec.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
