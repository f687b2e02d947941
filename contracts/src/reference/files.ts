import { asyncApi } from './asyncapi.ts';
import { contractsPage } from './contracts-page.ts';
import { jsonSchemas } from './json-schemas.ts';

/** Every generated file by its path from the root of the repository. The drift check compares these with what is committed. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ...[...jsonSchemas()].map(([name, schema]) => [`contracts/generated/schemas/${name}.json`, json(schema)] as const),
    ['contracts/generated/asyncapi.json', json(asyncApi())],
    ['docs/reference/contracts.md', `${contractsPage().trimEnd()}\n`],
  ]);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
