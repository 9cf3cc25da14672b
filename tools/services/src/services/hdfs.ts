import { delimiter, join } from 'node:path';
import { defineService, HOST, type ProcessSpec } from '../definition.ts';
import { usageError } from '../errors.ts';
import { installedFolder, installOnce } from '../install.ts';
import { mavenLibraries, requireJava, requireJavaTools, requireJdkProgram, smallJvm } from '../java.ts';
import { ownFile } from '../own-file.ts';
import { isListening, PORT_BLOCK } from '../ports.ts';
import { runCommand } from '../run-command.ts';
import { versions } from '../versions.ts';
import { dataNodePort, dataNodeProperties, nodeProperties, writeConfiguration } from './hdfs-configuration.ts';

const FOLDER = `hdfs-${versions.hadoop}`;
const SERVER = 'org.apache.hadoop.hdfs.server';

function dataNodeIndices(datanodes: string): readonly number[] {
  const count = Number(datanodes);
  if (!Number.isInteger(count) || count < 1 || dataNodePort(0, count) >= PORT_BLOCK)
    throw usageError(`hdfs: datanodes is 1 to 3, not ${datanodes}`);
  return Array.from({ length: count }, (_, index) => index);
}

export const hdfs = defineService({
  description: 'Apache HDFS with WebHDFS',
  version: versions.hadoop,
  options: { datanodes: '1', one_jvm: '1', heap: '256m', log: 'INFO' },
  settings: 'a Hadoop property',
  address: 'WEBHDFS_URL',
  ports: ({ datanodes }) => [
    0,
    1,
    ...dataNodeIndices(datanodes).flatMap((index) => [0, 1, 2].map((offset) => dataNodePort(offset, index))),
  ],
  installation: () => installedFolder(FOLDER),
  install: async () => {
    await requireJava();
    await installOnce(FOLDER, requireJavaTools, async (directory) => {
      const libraries = join(directory, 'libs');
      await mavenLibraries('hdfs.pom.xml', libraries, { 'hadoop.version': versions.hadoop });
      const javac = requireJdkProgram('javac');
      await runCommand(javac, [
        '-cp',
        join(libraries, '*'),
        '-d',
        join(directory, 'classes'),
        ownFile('#data/HdfsMini.java'),
      ]);
    });
  },
  prepare: async ({ directory, port, options: { datanodes, one_jvm: oneJvm, heap, log }, settings }) => {
    const home = installedFolder(FOLDER) ?? '';
    const indices = dataNodeIndices(datanodes);
    const common = nodeProperties(directory, port, indices.length);
    const write = (name: string, own: readonly (readonly [string, string])[] = []) =>
      writeConfiguration(join(directory, name), [...common, ...own, ...settings], log);
    const nameNode = await write('namenode');
    const dataNodes = await Promise.all(
      indices.map((index) => write(`datanode${index}`, dataNodeProperties(directory, port, index))),
    );

    const java = await requireJava();
    const jvm = (classPath: readonly string[], main: string, ...args: string[]): [string, ...string[]] => {
      const settings = [`-Dhadoop.log.dir=${directory}`, '-Djava.net.preferIPv4Stack=true'];
      return [
        java,
        ...smallJvm(heap),
        ...settings,
        '-cp',
        [...classPath, join(home, 'libs', '*')].join(delimiter),
        main,
        ...args,
      ];
    };
    if (oneJvm === '1') {
      const command = jvm([join(home, 'classes'), nameNode], 'HdfsMini', nameNode, ...dataNodes);
      return [{ name: 'hdfs', command }];
    }
    const nameNodeClass = `${SERVER}.namenode.NameNode`;
    const [file, ...args] = jvm([nameNode], nameNodeClass, '-format', '-nonInteractive', '-clusterid', 'test');
    await runCommand(file, args, { cwd: directory });
    return [
      { name: 'namenode', command: jvm([nameNode], nameNodeClass) },
      ...dataNodes.map(
        (path, index): ProcessSpec => ({
          name: `datanode${index}`,
          command: jvm([path], `${SERVER}.datanode.DataNode`),
        }),
      ),
    ];
  },
  /** Out of safe mode, and the running DataNodes are registered and answer (one that was killed stays registered for a while). */
  ready: async ({ port, options: { datanodes, one_jvm: oneJvm }, isRunning }) => {
    const expected = dataNodeIndices(datanodes).filter((index) => oneJvm === '1' || isRunning(`datanode${index}`));
    const answers = await Promise.all(expected.map((index) => isListening(dataNodePort(port, index))));
    if (answers.includes(false)) return false;
    const url = `http://${HOST}:${port}/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState`;
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    const { beans } = (await response.json()) as { beans: { FSState: string; NumLiveDataNodes: number }[] };
    return beans.some((state) => state.FSState === 'Operational' && state.NumLiveDataNodes >= expected.length);
  },
  env: ({ port, directory }) => ({
    WEBHDFS_URL: `http://${HOST}:${port}/webhdfs/v1`,
    HDFS_URL: `hdfs://${HOST}:${port + 1}`,
    HDFS_CLASSPATH: [join(directory, 'namenode'), join(installedFolder(FOLDER) ?? '', 'libs', '*')].join(delimiter),
  }),
});
