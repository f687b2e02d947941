import { DOMAIN_OWNER, STREAMS } from '../define/vocabulary.ts';
import { HEADERS } from '../define/headers.ts';
import { CONTRACTS, type SomeContract } from '../registry.ts';
import { isQuery, jsonSchemas, schemaName, type JsonSchema } from './json-schemas.ts';

/** The AsyncAPI 3.1 document of everything that crosses the bus, as the owners of the messages see it. Generated from the registry. */
export function asyncApi(): JsonSchema {
  const schemas = jsonSchemas();
  const channels: Record<string, unknown> = {};
  const operations: Record<string, unknown> = {};
  const messages: Record<string, unknown> = {};
  for (const contract of CONTRACTS) {
    const name = schemaName(contract);
    messages[name] = message(contract, name, schemas.get(name));
    channels[name] = channel(contract, name);
    operations[name] = operation(contract, name);
    if (!isQuery(contract)) continue;
    const reply = `${name}.reply`;
    messages[reply] = {
      name: reply,
      title: `reply to ${contract.type}`,
      contentType: 'application/json',
      payload: payload(schemas.get(reply)),
    };
    channels[reply] = {
      address: null,
      title: `reply to ${contract.type}`,
      messages: { [reply]: { $ref: `#/components/messages/${reply}` }, error: { $ref: '#/components/messages/error' } },
    };
  }
  messages['error'] = {
    name: 'error',
    title: 'error reply',
    contentType: 'application/json',
    payload: payload(schemas.get('rpc.error.v1')),
  };
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Seatrial bus',
      version: '0.1.0',
      description:
        'Commands, events, queries and metric streams of the Seatrial services. Subjects are NATS subjects; every message is CloudEvents 1.0 in binary mode.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: '127.0.0.1:7421',
        protocol: 'nats',
        description: 'The broker that `./seatrial up` starts; it moves to the next free port when this one is taken.',
      },
    },
    channels,
    operations,
    components: { messages, messageTraits: { cloudEvent: { headers: headerSchema() } } },
  };
}

function message(contract: SomeContract, name: string, schema: JsonSchema | undefined): JsonSchema {
  return {
    name,
    title: contract.type,
    summary: contract.doc,
    contentType: 'application/json',
    traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
    payload: payload(schema),
  };
}

function channel(contract: SomeContract, name: string): JsonSchema {
  const params = contract.key?.params ?? [];
  return {
    address: [contract.subject, ...params.map((param) => `{${parameterName(param)}}`)].join('.'),
    title: contract.type,
    description: contract.doc,
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
    ...(params.length > 0 && {
      parameters: Object.fromEntries(
        params.map((param) => [parameterName(param), { description: `Key token: ${param}.` }]),
      ),
    }),
  };
}

/** The owner sends events and metrics, and receives commands and queries. */
function operation(contract: SomeContract, name: string): JsonSchema {
  const sends = contract.kind === 'evt' || contract.kind === 'met';
  return {
    action: sends ? 'send' : 'receive',
    channel: { $ref: `#/channels/${name}` },
    title: contract.type,
    summary: contract.doc,
    tags: [{ name: contract.domain, description: `owner: ${DOMAIN_OWNER[contract.domain]}` }],
    bindings: { nats: { ...(sends ? {} : { queue: contract.owner }), bindingVersion: '0.1.0' } },
    messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
    ...(isQuery(contract) && { reply: { channel: { $ref: `#/channels/${name}.reply` } } }),
    'x-stream': contract.kind === 'rpc' ? undefined : STREAMS[contract.kind],
    'x-role': 'role' in contract ? contract.role : undefined,
    'x-callers': 'callers' in contract ? contract.callers : undefined,
    'x-consumers': 'consumers' in contract ? contract.consumers : undefined,
  };
}

function headerSchema(): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      HEADERS.map(({ name, on, meaning }) => [name, { type: 'string', description: `On ${on}: ${meaning}.` }]),
    ),
  };
}

/** AsyncAPI wants the bare schema. */
function payload(schema: JsonSchema | undefined): JsonSchema {
  const { $schema: _, ...bare } = schema ?? {};
  return bare;
}

/** Parameters are identifiers: `audit-id` reads `auditId`. */
const parameterName = (param: string): string =>
  param.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
