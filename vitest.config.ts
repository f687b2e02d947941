import { defineConfig } from 'vitest/config';

// Specs also compile into `dist`; only the sources run, once.
export default defineConfig({
  test: {
    include: ['{contracts,infra}/src/**/*.spec.ts', '{libs,services,apps}/*/src/**/*.spec.ts', 'test/src/**/*.spec.ts'],
    // A guard against hanging for ever, not a bar: real services start and stop in many tests, and CI machines are slow and shared.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
