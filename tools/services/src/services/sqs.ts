import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineService, HOST } from '../definition.ts';
import { installedFolder, installOnce } from '../install.ts';
import { mavenLibraries, requireJava, requireJavaTools, smallJvm } from '../java.ts';
import { isOk } from '../probes.ts';
import { versions } from '../versions.ts';

const FOLDER = `elasticmq-${versions.elasticmq}`;

export const sqs = defineService({
  description: 'ElasticMQ (SQS), in memory',
  version: versions.elasticmq,
  options: { heap: '192m' },
  settings: 'a line of its HOCON configuration',
  address: 'SQS_ENDPOINT',
  ports: () => [0],
  installation: () => installedFolder(FOLDER),
  install: async () => {
    await requireJava();
    await installOnce(FOLDER, requireJavaTools, (directory) =>
      mavenLibraries('sqs.pom.xml', join(directory, 'libs'), { 'elasticmq.version': versions.elasticmq }),
    );
  },
  prepare: async ({ directory, port, options: { heap }, settings }) => {
    const configuration = join(directory, 'elasticmq.conf');
    const lines = [
      'include classpath("application.conf")',
      `node-address { protocol = http, host = "${HOST}", port = ${port}, context-path = "" }`,
      `rest-sqs { enabled = true, bind-port = ${port}, bind-hostname = "${HOST}", sqs-limits = strict }`,
      'rest-stats { enabled = false }',
      ...[...settings].map(([key, value]) => `${key}=${value}`),
    ];
    await writeFile(configuration, `${lines.join('\n')}\n`);
    const libraries = join(installedFolder(FOLDER) ?? '', 'libs', '*');
    const main = [`-Dconfig.file=${configuration}`, '-cp', libraries, 'org.elasticmq.server.Main'];
    return [{ name: 'sqs', command: [await requireJava(), ...smallJvm(heap), ...main] }];
  },
  ready: ({ port }) => isOk(`http://${HOST}:${port}/?Action=ListQueues`),
  env: ({ port }) => ({
    SQS_ENDPOINT: `http://${HOST}:${port}`,
    SQS_REGION: 'elasticmq',
    SQS_ACCESS_KEY: 'x',
    SQS_SECRET_KEY: 'x',
  }),
});
