import { afterAll, expect, test } from 'vitest';
import { describeService } from '../src/index.ts';
import { expectLoopbackOnly, portOf } from './support.ts';

for (const name of ['elasticsearch', 'elasticsearch9'] as const) {
  describeService(name, (elasticsearch) => {
    afterAll(() => elasticsearch.stop());

    test('keeps an indexed document over SIGKILL and restart', async () => {
      const document = `${elasticsearch.address}/letters/_doc/1`;
      const init = {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ letter: 'a' }),
      };
      expect(await (await fetch(document, init)).json()).toMatchObject({ result: 'created' });
      await expectLoopbackOnly(portOf(elasticsearch.address));
      await elasticsearch.kill9();
      await elasticsearch.restart();
      expect(await (await fetch(document)).json()).toMatchObject({ _source: { letter: 'a' } });
    });

    test('says its version and product where clients look for them', async () => {
      const response = await fetch(elasticsearch.address);
      expect(response.headers.get('x-elastic-product')).toBe('Elasticsearch');
      expect(await response.json()).toMatchObject({ version: { number: elasticsearch.env.ELASTICSEARCH_VERSION } });
    });
  });
}
