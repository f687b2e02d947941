import { z } from 'zod';

/** Levels of the log, most talkative first. */
const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** What every service has, beside its own settings. */
export const serviceSettings = z.strictObject({
  /** Address of the bus, `nats://host:port`, several comma-separated. */
  bus: z.string().min(1).default('nats://127.0.0.1:7421'),
  /** File with the service's key on the bus. */
  creds: z.string().min(1).exactOptional(),
  /** Address that health and metrics are served on. */
  healthHost: z.string().min(1).default('127.0.0.1'),
  /** Its port; 0 takes any free one, and the line that says ready names it. */
  healthPort: z.int().min(0).max(65_535).default(0),
  logLevel: z.enum(LOG_LEVELS).default('info'),
  /** Time to finish work when the service is stopped, s. */
  drainSeconds: z.number().min(0).max(3600).default(8),
});
export type ServiceSettings = z.infer<typeof serviceSettings>;

/** Variables that hold a setting of all services; a variable of one service wins over them. */
export const SHARED_VARIABLES: Readonly<Record<string, string>> = {
  bus: 'SEATRIAL_BUS',
  creds: 'SEATRIAL_CREDS',
  logLevel: 'SEATRIAL_LOG_LEVEL',
  archive: 'SEATRIAL_ARCHIVE',
};
