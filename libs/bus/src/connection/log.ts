/** Where the bus says what happens to it; pino fits. Fields are plain JSON. */
export interface BusLog {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** Says nothing. */
export class SilentLog implements BusLog {
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(): void {}
}
