import { errorCode } from '@millrace/protocol';
import { errorAnswer } from '../request-error.ts';

/** The code of an error; clients that do not know PRODUCER_FENCED learn it by the epoch. */
export function transactionErrorCode(error: unknown, knowsFenced: boolean): number {
  const { errorCode: code } = errorAnswer(error);
  if (code === errorCode.PRODUCER_FENCED && !knowsFenced) return errorCode.INVALID_PRODUCER_EPOCH;
  return code === errorCode.KAFKA_STORAGE_ERROR ? errorCode.COORDINATOR_NOT_AVAILABLE : code;
}
