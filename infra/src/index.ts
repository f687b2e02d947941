export { ALL_STREAM_PLANS, bucketPlan, objectStorePlan, STREAM_PLANS, type StreamPlan } from './streams.ts';
export { DURABLE_PLANS, durablesOfService, type DurablePlan } from './durables.ts';
export { BUS_USERS, inboxOf, permissionsOf, type BusUser, type Permissions } from './permissions.ts';
export { ensureKeys, type KeyRing, type UserKey } from './keys.ts';
export { serverConfig, type ServerConfigOptions, type ServerPermissions } from './server-config.ts';
export { provision, type Provisioned, type ProvisionOptions } from './provision.ts';
export { KeysUnusable, ProvisionRefused, ProvisionUnreachable } from './errors.ts';
