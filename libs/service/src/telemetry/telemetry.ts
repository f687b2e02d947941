/*
 * Load it before everything else: `node --import @seatrial/service/telemetry main.js`. Without a configured endpoint it loads nothing of the SDK, which
 * would cost 43 MB and 0.65 s, and nothing leaves the machine.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { EXPORT_STOP, tracesWanted } from './endpoint.ts';

const wanted = tracesWanted(process.env);
// The SDK sends metrics and logs unasked, to localhost if nothing else is said.
process.env['OTEL_METRICS_EXPORTER'] ??= 'none';
process.env['OTEL_LOGS_EXPORTER'] ??= 'none';
if (!wanted) process.env['OTEL_TRACES_EXPORTER'] ??= 'none';

if (wanted) {
  process.env['OTEL_SERVICE_NAME'] ??= nameOf(process.argv[1]);
  const { startSdk } = await import('./sdk.ts');
  (globalThis as Record<symbol, unknown>)[EXPORT_STOP] = startSdk();
}

/** Name of the package whose script runs, without its scope. */
function nameOf(script: string | undefined): string {
  for (let at = dirname(script ?? '.'); at !== dirname(at); at = dirname(at)) {
    try {
      const { name } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as { name?: string };
      if (name !== undefined) return name.replace(/^@[^/]*\//, '');
    } catch {
      // No package here; the folder above may be one.
    }
  }
  return 'seatrial';
}
