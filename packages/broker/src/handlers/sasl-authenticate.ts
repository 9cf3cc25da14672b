import { errorCode, saslAuthenticate } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';

export const saslAuthenticateHandler: Handler = defineHandler(saslAuthenticate, ({ authBytes }, context) => {
  const { sasl } = context;
  if (!sasl.mechanismAgreed) {
    context.disconnect();
    return refusal(errorCode.ILLEGAL_SASL_STATE, 'SaslHandshake comes first.');
  }
  if (sasl.authenticate(authBytes)) return { errorCode: errorCode.NONE, errorMessage: null, authBytes: noBytes };
  context.disconnect();
  return refusal(errorCode.SASL_AUTHENTICATION_FAILED, 'Authentication failed: invalid username or password');
});

const noBytes = new Uint8Array(0);

const refusal = (code: number, errorMessage: string) => ({ errorCode: code, errorMessage, authBytes: noBytes });
