import { afterAll, expect, test } from 'vitest';
import { describeService } from '../src/index.ts';
import { expectLoopbackOnly, portOf } from './support.ts';

describeService('registry', (registry) => {
  afterAll(() => registry.stop());

  const json = async (path: string, init: RequestInit = {}): Promise<unknown> =>
    (await fetch(registry.address + path, init)).json();

  test('gives an id for a schema and the schema for the id', async () => {
    const schema = JSON.stringify({ type: 'record', name: 'Letter', fields: [{ name: 'letter', type: 'string' }] });
    const headers = { 'Content-Type': 'application/vnd.schemaregistry.v1+json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ schema }) };
    const { id } = (await json('/subjects/letters-value/versions', init)) as { id: number };
    expect(JSON.parse(((await json(`/schemas/ids/${id}`)) as { schema: string }).schema)).toEqual(JSON.parse(schema));
    await expectLoopbackOnly(portOf(registry.address));
  });

  test('asks for backward compatibility, also after a restart, which empties it', async () => {
    await registry.kill9();
    await registry.restart();
    expect(await json('/config')).toMatchObject({ compatibilityLevel: 'BACKWARD' });
    expect(await json('/subjects')).toEqual([]);
  });
});
