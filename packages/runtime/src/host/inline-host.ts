import { MessageChannel } from 'node:worker_threads';
import type { Host, HostOptions } from './host.ts';
import { HostClient } from './host-client.ts';
import { startHostServer, withDefaults } from './start-host-server.ts';

/** A host in this very thread: for tests and debugging. It contains nothing, but what crosses it is plain data all the same. */
export function createInlineHost(options: HostOptions): Host {
  const settings = withDefaults(options);
  const { port1, port2 } = new MessageChannel();
  const server = startHostServer(port2, settings);
  return new HostClient({
    kind: 'inline',
    endpoint: port1,
    log: options.log,
    unresponsiveMs: settings.unresponsiveMs,
    terminate: async () => {
      server.close();
      port1.close();
    },
  });
}
