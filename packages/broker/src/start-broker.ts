import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerError } from './broker-error.ts';
import type { Broker, BrokerOptions } from './broker-options.ts';
import type { BrokerState } from './broker-state.ts';
import { type Clock, systemClock } from './clock.ts';
import { lockData } from './data-lock.ts';
import { FetchSessions } from './fetch/fetch-sessions.ts';
import { readJson, replaceFile } from './files.ts';
import { GroupCoordinator } from './groups/group-coordinator.ts';
import { OffsetStore } from './groups/offset-store.ts';
import { handlers } from './handlers/handlers.ts';
import { Maintenance } from './log/maintenance.ts';
import { OpenFiles } from './log/open-files.ts';
import { StateLog } from './log/state-log.ts';
import { diskStorage } from './log/storage.ts';
import { restoreState } from './restore-state.ts';
import { listen, type RunningServer } from './server/server.ts';
import { TopicStore } from './topics/topic-store.ts';
import { ProducerIds } from './transactions/producer-ids.ts';
import { TransactionCoordinator } from './transactions/transaction-coordinator.ts';

const defaultMaxRequestBytes = 100 * 1024 * 1024;
const maxSessionTimeoutMs = 1_800_000;
const maxTransactionTimeoutMs = 900_000;

/**
 * Starts a single-node Kafka broker in this process, for development and tests.
 *
 * ```ts
 * const broker = await startBroker();
 * // … clients with bootstrap.servers = broker.bootstrap
 * await broker.close();
 * ```
 *
 * @throws BrokerError when the address or the data directory cannot be had.
 */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'millrace-broker-'));
  const cleanups: (() => void)[] = [];
  if (options.data === undefined) cleanups.push(() => rmSync(data, { recursive: true, force: true }));
  const cleanUp = (): void => {
    for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  };
  try {
    const { state, maintenance } = openData(data, options, cleanups);
    const server = await bind(state, options);
    cleanups.push(maintenance.start(options.maintenanceIntervalMs ?? 15_000));
    const host = options.advertisedHost ?? options.host ?? '127.0.0.1';
    let closing: Promise<void> | undefined;
    return {
      host,
      port: server.port,
      bootstrap: `${host.includes(':') ? `[${host}]` : host}:${server.port}`,
      data,
      maintain: () => maintenance.run(),
      close: () => {
        closing ??= closeAll(server, maintenance, cleanUp);
        return closing;
      },
    };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

async function closeAll(server: RunningServer, maintenance: Maintenance, cleanUp: () => void): Promise<void> {
  await server.close();
  await maintenance.stop();
  cleanUp();
}

/** Opens everything in the data directory; how to close it again is added to `cleanups`. */
function openData(
  data: string,
  options: BrokerOptions,
  cleanups: (() => void)[],
): { readonly state: BrokerState; readonly maintenance: Maintenance } {
  const clock: Clock = options.clock ?? systemClock;
  const log = options.log ?? (() => undefined);
  const fsync = options.fsync ?? false;
  try {
    mkdirSync(data, { recursive: true });
    cleanups.push(lockData(data));
    const files = new OpenFiles(options.storage ?? diskStorage);
    cleanups.push(() => files.closeAll());
    const shared = { files, clock, log, fsync };
    const directory = join(data, 'topics');
    const topics = new TopicStore({ ...shared, directory, defaultPartitions: options.defaultPartitions ?? 1 });
    cleanups.push(() => topics.close());
    const stateLog = new StateLog({ ...shared, directory: join(data, 'state'), name: 'state' });
    cleanups.push(() => stateLog.log.close());

    const save = stateLog.write.bind(stateLog);
    const offsets = new OffsetStore(save);
    const producerIds = new ProducerIds(save);
    const groups = new GroupCoordinator({
      clock,
      offsets,
      save,
      minSessionTimeoutMs: options.minSessionTimeoutMs ?? 6000,
      maxSessionTimeoutMs,
      initialRebalanceDelayMs: options.initialRebalanceDelayMs ?? 0,
    });
    cleanups.push(() => groups.close());
    const transactions = new TransactionCoordinator({
      clock,
      offsets,
      producerIds,
      save,
      log,
      maxTimeoutMs: maxTransactionTimeoutMs,
      mark: ({ topic, partition }, marker) => topics.find(topic)?.partitions[partition]?.appendMarker(marker),
    });
    cleanups.push(() => transactions.close());
    restoreState(stateLog, { offsets, groups, producerIds, transactions });

    const maintenance = new Maintenance({ clock, log, files, topics, internal: [stateLog.log] });
    return {
      maintenance,
      state: {
        clusterId: clusterIdOf(data),
        clock,
        topics,
        groups,
        transactions,
        producerIds,
        fetchSessions: new FetchSessions(),
        autoCreateTopics: options.autoCreateTopics ?? true,
        log,
      },
    };
  } catch (error) {
    if (error instanceof BrokerError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new BrokerError('DATA_UNUSABLE', `the data directory ${data} cannot be used: ${reason}`, { cause: error });
  }
}

async function bind(broker: BrokerState, options: BrokerOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? 0;
  const users = options.saslPlain === undefined ? undefined : new Map(Object.entries(options.saslPlain));
  const maxRequestBytes = options.maxRequestBytes ?? defaultMaxRequestBytes;
  try {
    return await listen({
      broker,
      handlers,
      users,
      maxRequestBytes,
      host,
      port,
      advertisedHost: options.advertisedHost,
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE' ? 'the port is in use' : error instanceof Error ? error.message : String(error);
    throw new BrokerError('ADDRESS_UNAVAILABLE', `cannot listen on ${host}:${port}: ${reason}`, { cause: error });
  }
}

/** Made once for a data directory, and kept in it. */
function clusterIdOf(data: string): string {
  const path = join(data, 'cluster.json');
  const known = readJson(path) as { readonly clusterId: string } | undefined;
  if (known !== undefined) return known.clusterId;
  const clusterId = randomBytes(16).toString('base64url');
  replaceFile(path, JSON.stringify({ clusterId }));
  return clusterId;
}
