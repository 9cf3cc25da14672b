import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { allocatePorts, fixedPorts, isListening, PORT_BLOCK } from '../src/ports.ts';

async function occupy(port: number): Promise<AsyncDisposable> {
  const server = createServer().listen({ host: '127.0.0.1', port });
  await once(server, 'listening');
  return {
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

test('two blocks never overlap, even when both start to look in the same place', async () => {
  const same = () => 0.5;
  await using first = await allocatePorts([0, 1], same);
  await using second = await allocatePorts([0, 1], same);
  expect(Math.abs(first.base - second.base)).toBeGreaterThanOrEqual(PORT_BLOCK);
});

test('many requests at once get different blocks', async () => {
  const blocks = await Promise.all(Array.from({ length: 20 }, () => allocatePorts([0], () => 0.25)));
  expect(new Set(blocks.map(({ base }) => base)).size).toBe(20);
  await Promise.all(blocks.map((block) => block[Symbol.asyncDispose]()));
});

test('a block is free again when it was given back', async () => {
  const place = () => 0.75;
  const first = await allocatePorts([0], place);
  await first[Symbol.asyncDispose]();
  await using second = await allocatePorts([0], place);
  expect(second.base).toBe(first.base);
});

test('a block with a port in use is passed over', async () => {
  const place = () => 0.125;
  const probe = await allocatePorts([0, 7], place);
  await probe[Symbol.asyncDispose]();
  await using _taken = await occupy(probe.base + 7);
  await using block = await allocatePorts([0, 7], place);
  expect(block.base).not.toBe(probe.base);
});

test('a fixed port that is in use is named', async () => {
  await using block = await allocatePorts([0, 1]);
  await using _taken = await occupy(block.base + 1);
  expect(await isListening(block.base + 1)).toBe(true);
  await expect(fixedPorts(block.base, [0, 1])).rejects.toThrow(`port ${block.base + 1} is in use`);
});
