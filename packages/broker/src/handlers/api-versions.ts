import type { AnyApi } from '@millrace/protocol';
import { apiVersions, encodeResponse, errorCode } from '@millrace/protocol';
import type { Handler } from '../server/handler.ts';

/** Which versions are served: exactly those of the handlers. Asked in a version that is not, it answers in version 0. */
export function apiVersionsHandler(served: () => Iterable<AnyApi>): Handler {
  return {
    api: apiVersions,
    serve(body, correlationId, { apiVersion }) {
      const apiKeys = [...served()].map(({ key, minVersion, maxVersion }) => ({ apiKey: key, minVersion, maxVersion }));
      if (apiVersion < apiVersions.minVersion || apiVersion > apiVersions.maxVersion) {
        return encodeResponse(apiVersions, 0, correlationId, { errorCode: errorCode.UNSUPPORTED_VERSION, apiKeys });
      }
      apiVersions.request.decode(apiVersion, body);
      return encodeResponse(apiVersions, apiVersion, correlationId, {
        errorCode: errorCode.NONE,
        apiKeys,
        supportedFeatures: [{ name: transactionVersion, minVersion: 0, maxVersion: 2 }],
        finalizedFeaturesEpoch: 0,
        finalizedFeatures: [{ name: transactionVersion, minVersionLevel: 2, maxVersionLevel: 2 }],
      });
    },
  };
}

/** At level 2 each transaction has its own epoch, and partitions join it when they are written. */
const transactionVersion = 'transaction.version';
