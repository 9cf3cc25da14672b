import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Broker, BrokerError, startBroker } from '@millrace/broker';
import type { Log, TargetState } from '@millrace/runtime';
import { type Command, type CommandContext, exitCodes, exitCodesHelp, StartError } from '../command.ts';
import { version } from '../version.ts';
import { type ConnectorFile, readConnectorFiles, readText } from '../worker/connector-file.ts';
import { loadPlugins, pluginPathOf } from '../worker/load-plugins.ts';
import { logHelp, openLog } from '../worker/log-options.ts';
import { openKafkaOffsets } from '../worker/open-offsets.ts';
import { parsePropertiesFile } from '../worker/properties-file.ts';
import { startConnectors, startWhatCan } from '../worker/start-connectors.ts';
import { type RunningWorker, startWorker } from '../worker/start-worker.ts';
import { watchStates } from '../worker/state-watch.ts';
import { type DevArguments, parseDevArguments } from './dev-arguments.ts';
import { KeptConnectors, keepConnectors } from './kept-connectors.ts';

const help = `Usage: millrace dev [FILE…] [OPTION]…

A broker and a worker in one process, to develop and to try things out; not for production. Each FILE describes a connector:
a flat JSON object, the body of POST /connectors, or Java properties. Connectors, records and offsets are kept in the data
directory, and are there again the next time.

  --data DIR          directory that keeps everything (default: .millrace)
  --port N            port of the broker (default: 9092; 0: any free one)
  --rest-port N       port of the REST interface (default: 8083; 0: any free one)
  --config FILE       properties of the worker, such as value.converter
${logHelp}

Ctrl-C stops the connectors in good order and commits what they have done; a second one ends at once.

Examples:
  millrace dev
  millrace dev orders-source.json orders-sink.properties
  millrace dev --data /tmp/try --port 0 --rest-port 0
  curl localhost:8083/connectors?expand=status

${exitCodesHelp}`;

export const devCommand: Command = {
  name: 'dev',
  summary: 'run a broker and a worker together, to develop and to try things out',
  help,
  async run(args, context) {
    const options = parseDevArguments(args);
    const log = openLog(options.log);
    const own = options.config === undefined ? {} : parsePropertiesFile(options.config, await readText(options.config));
    const files = await readConnectorFiles(options.files);
    const data = resolve(options.data);
    const kept = new KeptConnectors(join(data, 'connectors'));
    const broker = await openBroker(data, options.port, log);
    let running: RunningWorker | undefined;
    try {
      running = await openWorker(broker, options, own, log);
      await runConnectors(running, { files, kept, log, broker, context });
      return exitCodes.done;
    } finally {
      await running?.close();
      await broker.close();
    }
  },
};

interface Surroundings {
  readonly files: readonly ConnectorFile[];
  readonly kept: KeptConnectors;
  readonly log: Log;
  readonly broker: Broker;
  readonly context: CommandContext;
}

async function openBroker(data: string, port: number, log: Log): Promise<Broker> {
  const logger = log.logger('millrace.broker');
  try {
    await mkdir(data, { recursive: true });
    await writeFile(join(data, '.gitignore'), '*\n');
    return await startBroker({ data: join(data, 'broker'), port, log: (line) => logger.info(line) });
  } catch (cause) {
    if (cause instanceof BrokerError) {
      throw new StartError(
        `the broker cannot start: ${cause.message}. --port N names another port, --data DIR another directory`,
        {
          cause,
        },
      );
    }
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new StartError(`the data directory ${data} cannot be used (${code}); --data DIR names another one`, {
      cause,
    });
  }
}

async function openWorker(
  { bootstrap }: Broker,
  { restPort }: DevArguments,
  own: Readonly<Record<string, string>>,
  log: Log,
): Promise<RunningWorker> {
  log.redactor.hideConfig(own);
  const properties = {
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'offset.flush.interval.ms': '1000',
    listeners: 'http://127.0.0.1:8083',
    ...own,
    ...(restPort !== undefined && { listeners: `http://127.0.0.1:${restPort}` }),
    'group.id': 'millrace-dev',
    'offset.storage.topic': 'millrace-dev-offsets',
    'bootstrap.servers': bootstrap,
  };
  const registry = await loadPlugins({
    pluginPath: pluginPathOf(own['plugin.path']),
    report: ({ where, message }) => log.logger('millrace.plugins').warn(`Skipped a plugin: ${message}`, { where }),
  });
  const openOffsets = () => openKafkaOffsets({ properties, topic: properties['offset.storage.topic'], log });
  return await startWorker({ properties, registry, openOffsets, log });
}

/** Starts what is kept and what was asked for, and watches it until the signal comes. */
async function runConnectors(
  running: RunningWorker,
  { files, kept, log, broker, context }: Surroundings,
): Promise<void> {
  const { out, signal } = context;
  const former = await kept.load();
  for (const { config } of [...former, ...files]) log.redactor.hideConfig(config);
  const states = new Map<string, TargetState>(former.map(({ name, initialState }) => [name, initialState]));
  const herder = keepConnectors(running.herder, kept, states);
  const redact = (text: string): string => log.redactor.text(text);
  await startConnectors({ herder, redact }, files);
  const given = new Set(files.map(({ name }) => name));
  const problems = await startWhatCan(
    { herder: running.herder, redact },
    former.filter(({ name }) => !given.has(name)),
  );
  for (const problem of problems) log.logger('millrace.dev').error(`Kept, and not started: ${problem}`);
  running.serve(herder);
  out(`Millrace ${version}: a broker and a worker for development and tests only. Data in ${broker.data}.`);
  out(`bootstrap.servers=${broker.bootstrap}`);
  out(`REST ${running.restUrl}`);
  const watching = watchStates({ herder, out, redact, signal });
  if (!signal.aborted) await once(signal, 'abort');
  out('Stopping in good order; once more ends it at once.');
  await watching;
}
