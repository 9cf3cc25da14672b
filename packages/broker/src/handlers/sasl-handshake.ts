import { errorCode, saslHandshake } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';

export const saslHandshakeHandler: Handler = defineHandler(saslHandshake, ({ mechanism }, { sasl }) => ({
  errorCode: sasl.agree(mechanism) ? errorCode.NONE : errorCode.UNSUPPORTED_SASL_MECHANISM,
  mechanisms: sasl.mechanisms,
}));
