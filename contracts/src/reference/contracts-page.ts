import { z } from 'zod';

import { HEADERS } from '../define/headers.ts';
import { DOMAIN_OWNER, DOMAINS, type Domain } from '../define/vocabulary.ts';
import { BUCKETS, CONTRACTS, OBJECT_STORES, type SomeContract } from '../registry.ts';
import { isQuery } from './json-schemas.ts';

const KINDS = [
  ['cmd', 'Commands'],
  ['evt', 'Events'],
  ['rpc', 'Queries'],
  ['met', 'Metric streams'],
] as const;

/** The reference page of all messages, Markdown. Generated from the registry. */
export function contractsPage(): string {
  return [
    '# Messages on the bus',
    '',
    '<!-- Generated from contracts/src by `npm run generate`; do not edit. -->',
    '',
    'Subjects are `seatrial.<kind>.v<major>.<domain>.<name>[.<key>]`. Bodies are JSON; the JSON Schema of each message is in `contracts/generated/schemas`, all of them together are in `contracts/generated/asyncapi.json`.',
    '',
    ...DOMAINS.flatMap(domainSection),
    ...bucketSection(),
    ...headerSection(),
  ].join('\n');
}

function domainSection(domain: Domain): string[] {
  const own = CONTRACTS.filter((contract) => contract.domain === domain);
  return [
    `## Domain \`${domain}\` (owner: ${DOMAIN_OWNER[domain]})`,
    '',
    ...KINDS.flatMap(([kind, title]) =>
      kindSection(
        title,
        own.filter((contract) => contract.kind === kind),
      ),
    ),
  ];
}

function kindSection(title: string, contracts: readonly SomeContract[]): string[] {
  return contracts.length === 0 ? [] : [`### ${title}`, '', ...contracts.flatMap(contractSection)];
}

function contractSection(contract: SomeContract): string[] {
  const key = contract.key?.params.map((param) => `.<${param}>`).join('') ?? '';
  const who =
    'role' in contract
      ? `Least role: ${contract.role}.${services(' Services that may send it', contract.callers)}`
      : services('Read by', contract.consumers).trim();
  return [
    `#### \`${contract.type}\``,
    '',
    `\`${contract.subject}${key}\``,
    '',
    contract.doc,
    ...(who === '' ? [] : ['', who]),
    '',
    ...fieldTable(contract.tolerant),
    ...(isQuery(contract) ? ['Reply:', '', ...fieldTable(contract.replyTolerant)] : []),
  ];
}

const services = (label: string, names: readonly string[]): string =>
  names.length === 0 ? '' : `${label}: ${names.join(', ')}.`;

interface Property {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Property[];
  readonly items?: Property;
  readonly prefixItems?: readonly Property[];
  readonly format?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

function fieldTable(schema: z.ZodType): string[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', reused: 'inline' }) as {
    properties?: Record<string, Property>;
    required?: string[];
  };
  const rows = Object.entries(properties).map(
    ([name, property]) => `| \`${name}\` | ${typeOf(property)} | ${required.includes(name) ? 'yes' : 'no'} |`,
  );
  return rows.length === 0 ? ['No fields.', ''] : ['| Field | Type | Required |', '| --- | --- | --- |', ...rows, ''];
}

function typeOf(property: Property): string {
  if (property.const !== undefined) return `\`${JSON.stringify(property.const)}\``;
  if (property.enum !== undefined) return property.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (property.anyOf !== undefined) return property.anyOf.map(typeOf).join(' or ');
  if (property.prefixItems !== undefined) return `(${property.prefixItems.map(typeOf).join(', ')})`;
  if (property.items !== undefined)
    return `list of ${typeOf(property.items)}${property.maxItems === undefined ? '' : `, at most ${property.maxItems}`}`;
  return [
    property.format ?? property.type ?? 'any',
    ...(property.maxLength === undefined ? [] : [`at most ${property.maxLength} characters`]),
  ].join(', ');
}

function bucketSection(): string[] {
  const rows = BUCKETS.map(
    ({ bucket, owner, consumers, keyDoc, doc, maxAgeMs }) =>
      `| \`${bucket}\` | ${owner} | ${consumers.join(', ') || '-'} | \`${keyDoc}\` | ${doc}${maxAgeMs > 0 ? ` Dropped after ${maxAgeMs / 1000} s.` : ''} |`,
  );
  const stores = OBJECT_STORES.map(
    ({ store, owner, consumers, doc }) =>
      `| \`${store}\` | ${owner} | ${consumers.join(', ') || '-'} | object | ${doc} |`,
  );
  return [
    '## State',
    '',
    '| Bucket | Owner, writes | Readers | Key | What |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...stores,
    '',
  ];
}

function headerSection(): string[] {
  const rows = HEADERS.map(
    ({ name, on, writer, reader, meaning }) => `| \`${name}\` | ${on} | ${writer} | ${reader} | ${meaning} |`,
  );
  return [
    '## Headers',
    '',
    '| Header | On | Written by | Read by | Meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ];
}
