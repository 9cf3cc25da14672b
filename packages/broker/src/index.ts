export { BrokerError, type BrokerErrorCode } from './broker-error.ts';
export type { Broker, BrokerOptions } from './broker-options.ts';
export type { Clock } from './clock.ts';
export { startBroker } from './start-broker.ts';
