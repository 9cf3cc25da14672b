import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  apis,
  apiVersions,
  ByteReader,
  findApi,
  heartbeat,
  initProducerId,
  type joinGroup,
  MessageWriter,
  type metadata,
  offsetFetch,
  ProtocolError,
  type Request,
  type RequestInput,
  type Response,
} from '../../src/index.ts';

function encoded(write: (writer: MessageWriter) => void): Buffer {
  const writer = new MessageWriter();
  write(writer);
  return Buffer.concat(writer.finish());
}

function failure(run: () => unknown): ProtocolError {
  try {
    run();
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('types of messages', () => {
  test('follow from the layout', () => {
    expectTypeOf<Request<typeof heartbeat>>().toEqualTypeOf<{
      groupId: string;
      generationId: number;
      memberId: string;
      groupInstanceId: string | null;
    }>();
    expectTypeOf<Response<typeof joinGroup>['members'][number]['metadata']>().toEqualTypeOf<Buffer>();
    expectTypeOf<Request<typeof metadata>['topics']>().toEqualTypeOf<
      { topicId: string; name: string | null }[] | null
    >();
    expectTypeOf<{ groupId: string; generationId: number; memberId: string }>().toExtend<
      RequestInput<typeof heartbeat>
    >();
    expectTypeOf<{ groupId: string }>().not.toExtend<RequestInput<typeof heartbeat>>();
  });
});

describe('encoding', () => {
  test('takes defaults for fields that are left out', () => {
    const bytes = encoded((writer) =>
      heartbeat.request.encode(4, writer, { groupId: 'g', generationId: 3, memberId: 'm' }),
    );
    expect(heartbeat.request.decode(4, new ByteReader(bytes))).toEqual({
      groupId: 'g',
      generationId: 3,
      memberId: 'm',
      groupInstanceId: null,
    });
  });

  test('refuses a value that the version has no place for, unless it may be ignored', () => {
    const request = { groupId: 'g', generationId: 3, memberId: 'm', groupInstanceId: 'static' };
    expect(failure(() => heartbeat.request.encode(2, new MessageWriter(), request))).toMatchObject({
      code: 'UNSUPPORTED',
      message: 'Heartbeat request v2.groupInstanceId: this version has no such field',
    });
    const response = { errorCode: 0, throttleTimeMs: 5 };
    expect(encoded((writer) => heartbeat.response.encode(0, writer, response))).toEqual(Buffer.from([0, 0]));
  });

  test('refuses a field that the version has and that was left out', () => {
    expect(failure(() => offsetFetch.request.encode(8, new MessageWriter(), { requireStable: true }))).toMatchObject({
      code: 'INVALID_VALUE',
      path: 'OffsetFetch request v8.groups',
    });
  });

  test.each([
    ['a number out of range', { groupId: 'g', generationId: 2 ** 31, memberId: 'm' }, 'generationId'],
    ['null where there is none', { groupId: null, generationId: 1, memberId: 'm' }, 'groupId'],
    ['a number for a string', { groupId: 'g', generationId: 1, memberId: 7 }, 'memberId'],
    ['a string beyond 32767 bytes', { groupId: 'g'.repeat(32_768), generationId: 1, memberId: 'm' }, 'groupId'],
  ])('refuses %s and says where', (_what, request, field) => {
    expect(failure(() => heartbeat.request.encode(1, new MessageWriter(), request as never))).toMatchObject({
      code: 'INVALID_VALUE',
      path: `Heartbeat request v1.${field}`,
    });
  });

  test('names the item of an array', () => {
    const topics = [
      { name: 'a', partitionIndexes: [1] },
      { name: 'b', partitionIndexes: [1, 1.5] },
    ];
    expect(failure(() => offsetFetch.request.encode(1, new MessageWriter(), { groupId: 'g', topics }))).toMatchObject({
      path: 'OffsetFetch request v1.topics[1].partitionIndexes[1]',
    });
  });

  test('refuses a version that is not spoken', () => {
    expect(failure(() => offsetFetch.request.encode(0, new MessageWriter(), {}))).toMatchObject({
      code: 'UNSUPPORTED',
    });
  });
});

describe('decoding', () => {
  test('passes over tagged fields that are not known', () => {
    const bytes = Buffer.from('\x02g\0\0\0\x03\x02m\0\x01\x63\x02ab', 'latin1');
    expect(heartbeat.request.decode(4, new ByteReader(bytes))).toMatchObject({ groupId: 'g', generationId: 3 });
  });

  test('does not share arrays and structures between messages', () => {
    const bytes = encoded((writer) => apiVersions.response.encode(0, writer, { errorCode: 0, apiKeys: [] }));
    const one = apiVersions.response.decode(0, new ByteReader(bytes));
    one.supportedFeatures.push({ name: 'x', minVersion: 0, maxVersion: 1 });
    expect(apiVersions.response.decode(0, new ByteReader(bytes)).supportedFeatures).toEqual([]);
  });

  test('allocates nothing for an array that announces more than is there', () => {
    const bytes = Buffer.from([0, 0, 0x7f, 0xff, 0xff, 0xff]);
    expect(failure(() => apiVersions.response.decode(0, new ByteReader(bytes)))).toMatchObject({
      code: 'MALFORMED',
      message: 'ApiVersions response v0.apiKeys: 2147483647 items announced, but only 0 bytes are left',
    });
  });

  test('does not take the items of an array for smaller than they can be', () => {
    const bytes = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 3]), Buffer.alloc(17)]);
    expect(failure(() => apiVersions.response.decode(0, new ByteReader(bytes))).message).toMatch(/3 items .* 17 bytes/);
  });

  test('refuses a 64-bit integer that a number cannot hold', () => {
    const bytes = Buffer.alloc(32);
    bytes.writeBigInt64BE(2n ** 53n, 6);
    expect(failure(() => initProducerId.response.decode(0, new ByteReader(bytes)))).toMatchObject({
      path: 'InitProducerId response v0.producerId',
    });
  });
});

describe('tables of APIs', () => {
  test('find an API by its key', () => {
    for (const api of apis) expect(findApi(api.key)).toBe(api);
    expect(findApi(9999)).toBeUndefined();
    expect(findApi(-1)).toBeUndefined();
  });

  test('leave unstable versions out of what is advertised', () => {
    expect(initProducerId.maxVersion).toBe(5);
    expect(initProducerId.speaks(6)).toBe(true);
  });
});
