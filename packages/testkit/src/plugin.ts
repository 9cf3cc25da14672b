export { faultySink, faultySource } from './faults/faulty-connectors.ts';
export { verifiableSink } from './verifiable/verifiable-sink.ts';
export { verifiableSource } from './verifiable/verifiable-source.ts';
