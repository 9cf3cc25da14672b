import { findApi } from '../apis/apis.ts';
import type { AnyApi, Api, RequestInput } from '../messages/api.ts';
import type { ApiLayout } from '../messages/layout.ts';
import { ByteReader } from '../primitives/byte-reader.ts';
import { writeInt32 } from '../primitives/integers.ts';
import { MessageWriter } from '../primitives/message-writer.ts';
import { ProtocolError } from '../protocol-error.ts';
import { skipTaggedFields } from './tagged-fields.ts';

export interface RequestHeader {
  readonly correlationId: number;
  readonly clientId: string | null;
}

/** A request's header as a broker reads it, and the body behind it. */
export interface ReceivedRequest extends RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  /**
   * The API where its key and version are spoken here, otherwise `undefined`: then the body cannot be read. (ApiVersions
   * of an unknown version is answered in version 0 with UNSUPPORTED_VERSION and the versions that are spoken.)
   */
  readonly api: AnyApi | undefined;
  /** Stands at the body; give it to `request.decode(apiVersion, body)` of the API's own object. */
  readonly body: ByteReader;
}

/** A whole request with its length in front, in pieces: record batches are passed on by reference. */
export function encodeRequest<Layout extends ApiLayout>(
  api: Api<Layout>,
  version: number,
  header: RequestHeader,
  request: RequestInput<Api<Layout>>,
): Uint8Array[] {
  const writer = new MessageWriter();
  writer.int32(0);
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(header.correlationId);
  const { clientId } = header;
  if (clientId === null) writer.int16(-1);
  else {
    const bytes = Buffer.byteLength(clientId);
    writer.int16(bytes);
    writer.utf8(clientId, bytes);
  }
  writeRequestTail(api, version, writer, request);
  return framed(writer);
}

/**
 * What follows the client id: the header's tagged fields in flexible versions, then the body. For transports that write
 * the header of version 1 themselves.
 */
export function encodeRequestPayload<Layout extends ApiLayout>(
  api: Api<Layout>,
  version: number,
  request: RequestInput<Api<Layout>>,
): Uint8Array[] {
  const writer = new MessageWriter();
  writeRequestTail(api, version, writer, request);
  return writer.finish();
}

/** Reads the header of a frame (without its length). */
export function decodeRequestHeader(frame: Buffer): ReceivedRequest {
  const body = new ByteReader(frame);
  try {
    const apiKey = body.int16();
    const apiVersion = body.int16();
    const correlationId = body.int32();
    const length = body.int16();
    if (length < -1) throw new ProtocolError('MALFORMED', `the client id's length is ${length}`);
    const clientId = length === -1 ? null : body.utf8(length);
    const found = findApi(apiKey);
    const api = found?.speaks(apiVersion) === true ? found : undefined;
    if (api?.isFlexible(apiVersion) === true) skipTaggedFields(body);
    return { apiKey, apiVersion, correlationId, clientId, api, body };
  } catch (error) {
    throw error instanceof ProtocolError ? error.prepend('request header') : error;
  }
}

/** Puts the frame's length into its first four bytes. */
export function framed(writer: MessageWriter): Uint8Array[] {
  const pieces = writer.finish();
  writeInt32(pieces[0]!, 0, writer.byteLength - 4);
  return pieces;
}

function writeRequestTail<Layout extends ApiLayout>(
  api: Api<Layout>,
  version: number,
  writer: MessageWriter,
  request: RequestInput<Api<Layout>>,
): void {
  if (api.isFlexible(version)) writer.unsignedVarint(0);
  api.request.encode(version, writer, request);
}
