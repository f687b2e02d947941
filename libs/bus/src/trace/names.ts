/** Attribute names of spans: OpenTelemetry semantic conventions for messaging 1.37, here once because the incubating package moves them. */
export const MESSAGING = {
  system: 'messaging.system',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  template: 'messaging.destination.template',
  messageId: 'messaging.message.id',
  bodySize: 'messaging.message.body.size',
  consumerGroup: 'messaging.consumer.group.name',
  /** Ours: 1 for the first delivery. */
  deliveryCount: 'seatrial.delivery.count',
  errorType: 'error.type',
} as const;

/** Value of `messaging.system`. */
export const SYSTEM = 'nats';

/** Name of the tracer. */
export const TRACER = '@seatrial/bus';
