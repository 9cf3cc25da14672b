import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Schema } from '@millrace/api';
import { expect, it, vi } from 'vitest';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('a schema that nobody holds is forgotten, and made anew when it is asked for again', async () => {
  const make = (): Schema => Schema.string.with({ doc: 'only of this test' });
  const first = new WeakRef(make());
  const { id } = first.deref() as Schema;
  await vi.waitFor(() => {
    collectGarbage();
    // The schema itself in a failed expectation would hold it.
    expect(first.deref() === undefined).toBe(true);
  });
  expect(make().id).not.toBe(id);
  expect(make()).toBe(make());
});

it('a schema that is held survives', () => {
  const held = Schema.string.with({ doc: 'held by this test' });
  collectGarbage();
  expect(Schema.string.with({ doc: 'held by this test' })).toBe(held);
});
