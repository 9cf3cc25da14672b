import { describe, expect, test } from 'vitest';
import {
  apiVersions,
  decodeRequestHeader,
  decodeResponse,
  decodeResponsePayload,
  encodeRequest,
  encodeRequestPayload,
  encodeResponse,
  FrameSplitter,
  heartbeat,
  PendingRequests,
  type Request,
} from '../../src/index.ts';

const request = { groupId: 'g', generationId: 3, memberId: 'm' };

function frameOf(pieces: readonly Uint8Array[]): Buffer {
  const whole = Buffer.concat(pieces);
  expect(whole.readInt32BE(0)).toBe(whole.length - 4);
  return whole.subarray(4);
}

describe('request frames', () => {
  test.each([0, 3, 4])('carry header and body, version %i', (version) => {
    const frame = frameOf(encodeRequest(heartbeat, version, { correlationId: 77, clientId: 'cliént' }, request));
    const received = decodeRequestHeader(frame);
    expect(received).toMatchObject({ apiKey: 12, apiVersion: version, correlationId: 77, clientId: 'cliént' });
    expect(received.api).toBe(heartbeat);
    const body: Request<typeof heartbeat> = heartbeat.request.decode(version, received.body);
    expect(body).toEqual({ ...request, groupInstanceId: null });
    expect(received.body.remaining).toBe(0);
  });

  test('may have no client id', () => {
    const frame = frameOf(encodeRequest(heartbeat, 0, { correlationId: 1, clientId: null }, request));
    expect(decodeRequestHeader(frame).clientId).toBeNull();
  });

  test('of a version that is not known have a header that can be answered', () => {
    const frame = frameOf(
      encodeRequest(
        apiVersions,
        4,
        { correlationId: 5, clientId: 'x' },
        { clientSoftwareName: 'a', clientSoftwareVersion: '1' },
      ),
    );
    frame.writeInt16BE(99, 2);
    expect(decodeRequestHeader(frame)).toMatchObject({ apiKey: 18, apiVersion: 99, correlationId: 5, api: undefined });
  });

  test('without the part in front of the client id, for transports that write it themselves', () => {
    const [whole, tail] = [
      frameOf(encodeRequest(heartbeat, 4, { correlationId: 1, clientId: 'abc' }, request)),
      Buffer.concat(encodeRequestPayload(heartbeat, 4, request)),
    ];
    expect(whole.subarray(13)).toEqual(tail);
  });
});

describe('response frames', () => {
  test.each([0, 4])('carry header and body, version %i', (version) => {
    const frame = frameOf(encodeResponse(heartbeat, version, 9, { errorCode: 27 }));
    expect(frame.readInt32BE(0)).toBe(9);
    expect(decodeResponse(heartbeat, version, frame)).toEqual({ throttleTimeMs: 0, errorCode: 27 });
    expect(decodeResponsePayload(heartbeat, version, frame.subarray(4)).errorCode).toBe(27);
  });

  test('of ApiVersions never have tagged fields in the header', () => {
    const frame = frameOf(encodeResponse(apiVersions, 3, 9, { errorCode: 35, apiKeys: [] }));
    expect(frame.subarray(0, 7)).toEqual(Buffer.from([0, 0, 0, 9, 0, 35, 1]));
    expect(decodeResponse(apiVersions, 3, frame)).toMatchObject({ errorCode: 35 });
  });
});

describe('a frame splitter', () => {
  const frames = [Buffer.from('first'), Buffer.alloc(0), Buffer.alloc(5000, 'x'), Buffer.from('last')];
  const stream = Buffer.concat(
    frames.flatMap((frame) => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(frame.length);
      return [length, frame];
    }),
  );

  test.each([1, 2, 3, 7, 100, 4999, stream.length])('finds the frames in chunks of %i bytes', (size) => {
    const splitter = new FrameSplitter();
    const found: Buffer[] = [];
    for (let start = 0; start < stream.length; start += size) {
      splitter.push(stream.subarray(start, start + size));
      for (let frame = splitter.next(); frame !== null; frame = splitter.next()) found.push(frame);
    }
    expect(found).toEqual(frames);
    expect(splitter.pendingBytes).toBe(0);
  });

  test('gives views of the chunk that holds a frame', () => {
    const splitter = new FrameSplitter();
    splitter.push(stream);
    expect(splitter.next()?.buffer).toBe(stream.buffer);
  });

  test('refuses a frame beyond its limit before its bytes arrive', () => {
    const splitter = new FrameSplitter({ maxFrameBytes: 1000 });
    splitter.push(Buffer.from([0, 0, 0x10, 0]));
    expect(() => splitter.next()).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });

  test('refuses a negative length', () => {
    const splitter = new FrameSplitter();
    splitter.push(Buffer.from([0xff, 0, 0, 0]));
    expect(() => splitter.next()).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
  });
});

describe('pending requests', () => {
  test('are settled by the frame with their correlation id, in any order', async () => {
    const pending = new PendingRequests();
    const one = pending.add(heartbeat, 4);
    const two = pending.add(heartbeat, 0);
    pending.settle(frameOf(encodeResponse(heartbeat, 0, two.correlationId, { errorCode: 2 })));
    pending.settle(frameOf(encodeResponse(heartbeat, 4, one.correlationId, { errorCode: 1 })));
    expect((await one.response).errorCode).toBe(1);
    expect((await two.response).errorCode).toBe(2);
    expect(pending.size).toBe(0);
  });

  test('are rejected when the connection is gone, or when their response cannot be read', async () => {
    const pending = new PendingRequests();
    const one = pending.add(heartbeat, 4);
    const two = pending.add(heartbeat, 4);
    pending.settle(Buffer.from([0, 0, 0, one.correlationId, 0, 0]));
    await expect(one.response).rejects.toMatchObject({ code: 'MALFORMED' });
    pending.fail(new Error('connection lost'));
    await expect(two.response).rejects.toThrow('connection lost');
  });

  test('do not know a frame that answers nothing', () => {
    expect(() => new PendingRequests().settle(Buffer.from([0, 0, 0, 5]))).toThrow(/request 5/);
  });
});
