import 'reflect-metadata';
import type { Archive } from '@seatrial/archive';
import { NestFactory } from '@nestjs/core';
import { expect, test } from 'vitest';

import { CollectorModule } from './app.module.ts';
import { ArchiveDoor } from './history/archive-door.ts';
import { SampleArchiveHandlers } from './history/sample-archive.handlers.ts';
import { LiveEstate } from './live/live-estate.ts';
import { InventoryHandlers } from './queries/inventory.handlers.ts';
import { MetricsHandlers } from './queries/metrics.handlers.ts';

test('every handler gets what it works with', async () => {
  const silent = { warn: () => undefined, info: () => undefined, error: () => undefined };
  const archive = { close: async () => undefined } as unknown as Archive;
  const door = await ArchiveDoor.to('', silent, { open: async () => archive });
  const live = new LiveEstate({} as never, silent);
  const app = await NestFactory.createApplicationContext(CollectorModule.with(door, live), {
    logger: false,
    abortOnError: false,
  });
  for (const handlers of [SampleArchiveHandlers, InventoryHandlers, MetricsHandlers]) {
    const instance = app.get<Record<string, unknown>>(handlers);
    expect(Object.values(instance).every((part) => part === door || part === live)).toBe(true);
    expect(Object.keys(instance).length).toBeGreaterThan(0);
  }
  await app.close();
});
