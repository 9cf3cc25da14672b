import { describe, expect, it } from 'vitest';
import { overridePolicy } from '../../src/config/override-policy.ts';

const settings = { 'sasl.jaas.config': 'x', 'security.protocol': 'SSL', 'client.id': 'me' };
const refusedBy = (name: string, allowlist: readonly string[] = []) =>
  overridePolicy(name, allowlist)('producer', settings).map(({ key }) => key);

describe('a policy for client settings of connectors', () => {
  it.each([
    ['All', []],
    ['None', ['sasl.jaas.config', 'security.protocol', 'client.id']],
    ['Principal', ['client.id']],
    ['Allowlist', ['sasl.jaas.config', 'security.protocol']],
  ])('%s refuses what it does not allow, by all of its names', (name, refused) => {
    const simple = `${name}ConnectorClientConfigOverridePolicy`;
    for (const one of [name, simple, `org.apache.kafka.connect.connector.policy.${simple}`]) {
      expect(refusedBy(one, ['client.id'])).toEqual(refused);
    }
  });

  it("says so in Java's words", () => {
    expect(overridePolicy('None', [])('admin', { 'client.id': 'x' })).toEqual([
      {
        key: 'client.id',
        message: "The 'None' policy does not allow 'client.id' to be overridden in the connector configuration.",
      },
    ]);
  });

  it('is refused when it is not known', () => {
    expect(() => overridePolicy('com.example.Mine', [])).toThrow('it must be All, None, Allowlist or Principal');
    expect(() => overridePolicy('all', [])).toThrow('it must be All');
  });
});
