import { createPartitions } from '@millrace/protocol';
import { nodeId } from '../broker-state.ts';
import { attempt, RequestError } from '../request-error.ts';
import { defineHandler, type Handler } from '../server/handler.ts';

export const createPartitionsHandler: Handler = defineHandler(createPartitions, (request, { broker }) => ({
  results: request.topics.map(({ name, count, assignments }) => ({
    name,
    ...attempt(() => {
      if (assignments?.some(({ brokerIds }) => brokerIds.length !== 1 || brokerIds[0] !== nodeId) === true) {
        throw new RequestError('INVALID_REPLICA_ASSIGNMENT', `Each partition is on node ${nodeId} alone.`);
      }
      if (request.validateOnly) broker.topics.checkPartitions(name, count);
      else broker.topics.addPartitions(name, count);
    }),
  })),
}));
