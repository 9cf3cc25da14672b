import { describeCluster, errorCode } from '@millrace/protocol';
import { nodeId } from '../broker-state.ts';
import { defineHandler, type Handler } from '../server/handler.ts';

const brokers = 1;

export const describeClusterHandler: Handler = defineHandler(
  describeCluster,
  ({ endpointType }, { broker, advertised }) => ({
    errorCode: endpointType === brokers ? errorCode.NONE : errorCode.UNSUPPORTED_ENDPOINT_TYPE,
    errorMessage: endpointType === brokers ? null : 'There is no controller with an endpoint of its own.',
    endpointType: brokers,
    clusterId: broker.clusterId,
    controllerId: nodeId,
    brokers: [{ brokerId: nodeId, ...advertised }],
  }),
);
