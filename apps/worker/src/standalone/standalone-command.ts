import { once } from 'node:events';
import { createFileOffsetStore, type Log, type OffsetStore } from '@millrace/runtime';
import { parseArguments } from '../arguments.ts';
import { type Command, exitCodes, exitCodesHelp, InputError, UsageError } from '../command.ts';
import { version } from '../version.ts';
import { readConnectorFiles, readText } from '../worker/connector-file.ts';
import { loadPlugins, pluginPathOf } from '../worker/load-plugins.ts';
import { logFlags, logHelp, openLog } from '../worker/log-options.ts';
import { parsePropertiesFile } from '../worker/properties-file.ts';
import { reachKafka } from '../worker/reach-kafka.ts';
import { startConnectors } from '../worker/start-connectors.ts';
import { startWorker } from '../worker/start-worker.ts';
import { watchStates } from '../worker/state-watch.ts';

const help = `Usage: millrace standalone worker.properties [CONNECTOR…] [OPTION]…
       connect-standalone worker.properties [CONNECTOR…] [OPTION]…

One worker by itself, with Kafka Connect's own files: the properties of the worker, and for each CONNECTOR a flat JSON object,
the body of POST /connectors, or Java properties. Offsets are kept in offset.storage.file.filename, in Java's format.

${logHelp}

Ctrl-C and SIGTERM stop the connectors in good order and commit what they have done; a second one ends at once.

Examples:
  connect-standalone connect-standalone.properties file-source.properties file-sink.json
  millrace standalone worker.properties --log-format json

${exitCodesHelp}`;

export const standaloneCommand: Command = {
  name: 'standalone',
  summary: 'run one worker by itself (connect-standalone)',
  help,
  async run(args, { out, signal }) {
    const { values, positionals } = parseArguments('standalone', args, logFlags, { positionals: true });
    const [workerFile, ...connectorFiles] = positionals;
    if (workerFile === undefined) {
      throw new UsageError('worker.properties is missing; "millrace standalone --help" says how it is called');
    }
    const log = openLog(values);
    const properties = workerProperties(workerFile, await readText(workerFile));
    const files = await readConnectorFiles(connectorFiles);
    for (const config of [properties, ...files.map((file) => file.config)]) log.redactor.hideConfig(config);
    const registry = await loadPlugins({
      pluginPath: pluginPathOf(properties['plugin.path']),
      report: ({ where, message }) => log.logger('millrace.plugins').warn(`Skipped a plugin: ${message}`, { where }),
    });
    const openOffsets = async () => {
      await reachKafka(properties, workerFile);
      return await openFileOffsets(properties['offset.storage.file.filename'] ?? '', log);
    };
    const running = await startWorker({ properties, registry, openOffsets, log });
    try {
      const { herder } = running;
      const redact = (text: string): string => log.redactor.text(text);
      await startConnectors({ herder, redact }, files);
      running.serve(herder);
      out(`Millrace ${version}: standalone worker, REST ${running.restUrl}`);
      const watching = watchStates({ herder, out, redact, signal });
      if (!signal.aborted) await once(signal, 'abort');
      out('Stopping in good order; once more ends it at once.');
      await watching;
      return exitCodes.done;
    } finally {
      await running.close();
    }
  },
};

const required: Readonly<Record<string, string>> = {
  'bootstrap.servers': 'localhost:9092',
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'offset.storage.file.filename': '/tmp/connect.offsets',
};

function workerProperties(path: string, text: string): Readonly<Record<string, string>> {
  const properties = parsePropertiesFile(path, text);
  const missing = Object.entries(required).filter(([key]) => (properties[key] ?? '') === '');
  if (missing.length === 0) return properties;
  const lines = missing.map(([key, example]) => `\n  ${key} is missing; for example: ${key}=${example}`);
  throw new InputError(`${path}: the configuration of the worker is not complete:${lines.join('')}`);
}

async function openFileOffsets(file: string, log: Log): Promise<OffsetStore> {
  const store = createFileOffsetStore({ file, log: log.logger('millrace.offsets') });
  await store.start();
  return store;
}
