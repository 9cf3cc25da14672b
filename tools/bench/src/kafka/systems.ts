import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Admin, createAdmin } from '@millrace/kafka';
import { service } from '@millrace/services';
import { listenerOf } from '../processes/process-usage.ts';
import { nodeCommand } from './node-command.ts';

/** Brokers to measure against. */
export interface System {
  readonly bootstrap: string;
  /** The broker's process; `undefined` where it is not ours to look into. */
  readonly pid: number | undefined;
  readonly classPath: string;
  readonly admin: Admin;
}

export type Systems = Readonly<Record<'kafka' | 'embedded', () => Promise<System>>> & {
  readonly close: () => Promise<void>;
};

/** Apache Kafka and the embedded broker, each in a process of its own, started when first asked for. */
export function createSystems(): Systems {
  let kafka: Promise<System> | undefined;
  let embedded: Promise<System> | undefined;
  const closers: (() => Promise<void>)[] = [];
  const startKafka = async (): Promise<System> => {
    const running = await service('kafka', { options: { heap: '1g' } });
    closers.push(() => running.stop());
    const { env } = running;
    const isOurs = process.env['MILLRACE_TEST_KAFKA'] === undefined;
    const pid = isOurs ? listenerOf(Number(env.KAFKA_BOOTSTRAP.split(':').at(-1))) : undefined;
    return connected(env.KAFKA_BOOTSTRAP, pid, env.KAFKA_CLASSPATH);
  };
  const startEmbedded = async (): Promise<System> => {
    const { classPath } = await systems.kafka();
    const [command, ...args] = nodeCommand(fileURLToPath(import.meta.resolve('#kafka-broker')));
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    closers.push(() => end(child));
    for await (const bootstrap of createInterface({ input: child.stdout })) {
      return connected(bootstrap, child.pid, classPath);
    }
    throw new Error('The embedded broker ended before it was ready.');
  };
  const connected = (bootstrap: string, pid: number | undefined, classPath: string): System => {
    const admin = createAdmin({ settings: { 'bootstrap.servers': bootstrap } });
    closers.push(() => admin.close());
    return { bootstrap, pid, classPath, admin };
  };
  const systems: Systems = {
    kafka: () => (kafka ??= startKafka()),
    embedded: () => (embedded ??= startEmbedded()),
    close: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
  return systems;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.end();
  await once(child, 'close');
}
