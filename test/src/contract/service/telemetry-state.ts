/* Says what telemetry did to a process before its script ran. */
const { OTEL_TRACES_EXPORTER, OTEL_METRICS_EXPORTER, OTEL_LOGS_EXPORTER } = process.env;
console.log(
  JSON.stringify({
    ready: true,
    exporters: [OTEL_TRACES_EXPORTER, OTEL_METRICS_EXPORTER, OTEL_LOGS_EXPORTER],
    // A started SDK leaves here how to stop it.
    started: Symbol.for('seatrial.telemetry.stop') in globalThis,
  }),
);
