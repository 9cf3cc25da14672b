import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { HOST } from '../definition.ts';

/** The ports of DataNode `index`: HTTP, transfer, IPC. Each opens one more, a random one, on 127.0.0.1. */
export const dataNodePort = (port: number, index: number) => port + 10 + 10 * index;

export function nodeProperties(directory: string, port: number, replication: number): [string, string][] {
  return Object.entries({
    'fs.defaultFS': `hdfs://${HOST}:${port + 1}`,
    'hadoop.http.staticuser.user': userInfo().username,
    'hadoop.tmp.dir': join(directory, 'tmp'),
    'dfs.namenode.rpc-address': `${HOST}:${port + 1}`,
    'dfs.namenode.http-address': `${HOST}:${port}`,
    'dfs.namenode.http-bind-host': HOST,
    'dfs.namenode.rpc-bind-host': HOST,
    'dfs.namenode.name.dir': `file://${join(directory, 'name')}`,
    'dfs.namenode.handler.count': '4',
    'dfs.replication': String(replication),
    'dfs.permissions.enabled': 'false',
    'dfs.blocksize': '1048576',
    'dfs.namenode.fs-limits.min-block-size': '1024',
    'dfs.namenode.safemode.extension': '0',
    'dfs.namenode.datanode.registration.ip-hostname-check': 'false',
    'dfs.client.block.write.replace-datanode-on-failure.policy': 'NEVER',
    'dfs.client.block.write.replace-datanode-on-failure.best-effort': 'true',
    'dfs.heartbeat.interval': '1',
    'dfs.namenode.heartbeat.recheck-interval': '2000',
  });
}

export function dataNodeProperties(directory: string, port: number, index: number): [string, string][] {
  const base = dataNodePort(port, index);
  return Object.entries({
    'dfs.datanode.http.address': `${HOST}:${base}`,
    'dfs.datanode.address': `${HOST}:${base + 1}`,
    'dfs.datanode.ipc.address': `${HOST}:${base + 2}`,
    'dfs.datanode.data.dir': `file://${join(directory, `data${index}`)}`,
    'dfs.datanode.scan.period.hours': '-1',
    // The host in the redirects of WebHDFS.
    'dfs.datanode.hostname': HOST,
  });
}

/** A configuration directory, also the root of `webapps/`, which the jars ask for and do not contain. */
export async function writeConfiguration(
  directory: string,
  properties: readonly (readonly [string, string])[],
  log: string,
): Promise<string> {
  for (const name of ['hdfs', 'datanode', 'static']) {
    const webapp = join(directory, 'webapps', name, 'WEB-INF');
    await mkdir(webapp, { recursive: true });
    await writeFile(join(webapp, 'web.xml'), '<web-app version="2.4" xmlns="http://java.sun.com/xml/ns/j2ee"/>\n');
  }
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const xml = properties.map(
    ([name, value]) => `<property><name>${escaped(name)}</name><value>${escaped(value)}</value></property>\n`,
  );
  for (const file of ['core-site.xml', 'hdfs-site.xml']) {
    await writeFile(join(directory, file), `<configuration>\n${xml.join('')}</configuration>\n`);
  }
  const appender = 'log4j.appender.out';
  const pattern = '%d{ISO8601} %p %c{2}: %m%n';
  const log4j = {
    'log4j.rootLogger': `${log},out`,
    [appender]: 'org.apache.log4j.ConsoleAppender',
    [`${appender}.layout`]: 'org.apache.log4j.PatternLayout',
    [`${appender}.layout.ConversionPattern`]: pattern,
  };
  const lines = Object.entries(log4j).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(join(directory, 'log4j.properties'), lines.join(''));
  return directory;
}
