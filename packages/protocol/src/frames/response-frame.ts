import type { Api, Response, ResponseInput } from '../messages/api.ts';
import type { ApiLayout } from '../messages/layout.ts';
import { ByteReader } from '../primitives/byte-reader.ts';
import { MessageWriter } from '../primitives/message-writer.ts';
import { ProtocolError } from '../protocol-error.ts';
import { framed } from './request-frame.ts';
import { skipTaggedFields } from './tagged-fields.ts';

/** A whole response with its length in front, in pieces: record batches are passed on by reference. */
export function encodeResponse<Layout extends ApiLayout>(
  api: Api<Layout>,
  version: number,
  correlationId: number,
  response: ResponseInput<Api<Layout>>,
): Uint8Array[] {
  const writer = new MessageWriter();
  writer.int32(0);
  writer.int32(correlationId);
  if (api.hasFlexibleResponseHeader(version)) writer.unsignedVarint(0);
  api.response.encode(version, writer, response);
  return framed(writer);
}

/** Which request a frame (without its length) answers. */
export function readCorrelationId(frame: Buffer): number {
  return new ByteReader(frame).int32();
}

/** Reads a response from a frame (without its length). Bytes and records are views of the frame. */
export function decodeResponse<Layout extends ApiLayout>(
  api: Api<Layout>,
  version: number,
  frame: Buffer,
): Response<Api<Layout>> {
  return decodeResponsePayload(api, version, frame.subarray(4));
}

/** Reads a response from what follows the correlation id, for transports that have read that themselves. */
export function decodeResponsePayload<Layout extends ApiLayout>(
  api: Api<Layout>,
  version: number,
  payload: Buffer,
): Response<Api<Layout>> {
  const reader = new ByteReader(payload);
  if (api.hasFlexibleResponseHeader(version)) {
    try {
      skipTaggedFields(reader);
    } catch (error) {
      throw error instanceof ProtocolError ? error.prepend(`${api.name} response header`) : error;
    }
  }
  return api.response.decode(version, reader);
}
