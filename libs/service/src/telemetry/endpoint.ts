/** Where the exporter that was started leaves how to stop it: the module is loaded before, and apart from, the service. */
export const EXPORT_STOP = Symbol.for('seatrial.telemetry.stop');

/** Whether an endpoint for traces is configured (standard `OTEL_*` variables). */
export function tracesWanted(env: Readonly<Record<string, string | undefined>>): boolean {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return Boolean(endpoint) && env['OTEL_SDK_DISABLED'] !== 'true' && env['OTEL_TRACES_EXPORTER'] !== 'none';
}

/** Sends what is still held and ends the exporter; nothing where none runs. Never throws: a collector that is down is no failure of the service. */
export async function stopTelemetry(): Promise<void> {
  const stop = (globalThis as Record<symbol, unknown>)[EXPORT_STOP];
  if (typeof stop === 'function') await (stop as () => Promise<void>)().catch(() => {});
}
