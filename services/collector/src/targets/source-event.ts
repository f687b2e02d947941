import type { SourceEvent } from '@seatrial/contracts';
import type { EngineEvent } from '@seatrial/docker';
import { resourceId, safeText } from '@seatrial/estate';

/** Attributes of an exec that say nothing of its command line, which may hold a secret. */
const EXEC_ATTRIBUTES = new Set(['execID', 'name', 'image', 'exitCode']);
const MAX_ATTRIBUTES = 64;

/** The event as it is published. Its id follows from the event, so publishing it twice stores it once. */
export function sourceEventOf(tgt: string, event: EngineEvent): SourceEvent {
  const exec = event.action.startsWith('exec_');
  const attributes = Object.entries(event.attributes).filter(([name]) => !exec || EXEC_ATTRIBUTES.has(name));
  const native = event.type === 'volume' ? `volume:${event.actorId}` : event.actorId || 'engine';
  return {
    src: 'docker',
    tgt,
    id: safeText(`${tgt}:${event.timeNano}:${event.type}:${event.action}:${event.actorId}`, 200),
    resource: resourceId(tgt, safeText(native, 470)),
    kind: safeText(event.type, 32),
    action: safeText(exec || event.detail === undefined ? event.action : `${event.action}: ${event.detail}`, 200),
    at: new Date(event.atMs).toISOString(),
    native: String(event.timeNano),
    attrs: Object.fromEntries(
      attributes.slice(0, MAX_ATTRIBUTES).map(([name, value]) => [safeText(name, 256), safeText(value, 1024)]),
    ),
  };
}
