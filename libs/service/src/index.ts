export { runService, type ServiceContext, type ServiceDefinition } from './run-service.ts';
export {
  AuditLogKeeper,
  type AuditLogKeeperParts,
  type AuditLogStore,
  type KeptPosition,
} from './audit-log/audit-log-keeper.ts';
export { SERVICE_LOG, type ServiceModule } from './root-module.ts';
export { Health, type HealthReport, type PartHealth } from './health/health.ts';
export { openLog, type ServiceLog, type ServiceLogOptions } from './logging/service-log.ts';
export {
  configText,
  loadConfig,
  type ConfigInputs,
  type ConfigSchema,
  type LoadedConfig,
} from './config/load-config.ts';
export { serviceSettings, type ServiceSettings } from './config/settings.ts';
export { ConfigInvalid, HealthPortBusy, type ConfigPlace, type ConfigProblem } from './errors.ts';
