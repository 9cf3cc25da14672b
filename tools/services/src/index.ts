export { describeService } from './describe-service.ts';
export { ServiceError, type ServiceErrorCode, ServiceUnavailableError } from './errors.ts';
export { type Service, type ServiceRequest, service } from './service.ts';
export type { EnvironmentOf, ServiceName } from './services/catalog.ts';
export { versions } from './versions.ts';
