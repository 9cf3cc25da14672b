import { chmod, chown, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeCertificates, OPENSSL } from '../certificates.ts';
import { defineService, HOST } from '../definition.ts';
import { findProgram, installPrograms, isRoot, type Program, requireProgram } from '../programs.ts';
import { runCommand } from '../run-command.ts';
import { asUser } from '../supervised-process.ts';
import { versions } from '../versions.ts';
import { parseSqlUrl, sqlUrl } from './sql-url.ts';

const POSTGRES: Program = {
  name: 'postgres',
  apt: 'postgresql',
  brew: `postgresql@${versions.postgres}`,
  directories: ['/usr/lib/postgresql/*/bin', '/opt/homebrew/opt/postgresql@*/bin', '/usr/local/opt/postgresql@*/bin'],
};
/** The server refuses to run as root. */
const SERVER_USER = 'postgres';

const tool = (name: string): string => join(dirname(requireProgram(POSTGRES)), name);

export const postgres = defineService({
  description: 'PostgreSQL, wal_level=logical',
  version: versions.postgres,
  options: { auth: 'trust', user: 'postgres', password: 'secret', database: 'test', tls: '0' },
  settings: 'a server setting',
  address: 'POSTGRES_URL',
  // A fast shutdown: SIGTERM would wait for the clients to leave.
  stopSignal: 'SIGINT',
  ports: () => [0],
  installation: () => findProgram(POSTGRES),
  install: () => installPrograms(POSTGRES, OPENSSL),
  prepare: async ({ directory, port, options: { auth, user, password, tls }, settings }) => {
    const data = join(directory, 'data');
    const passwordFile = join(directory, 'password');
    await mkdir(data, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await giveToServer(data, passwordFile);
    const method = auth === 'trust' ? 'trust' : 'scram-sha-256';
    const encoding = ['-E', 'UTF8', `--locale=${process.platform === 'darwin' ? 'C' : 'C.UTF-8'}`];
    const cluster = ['-D', data, '-U', user, '-A', method, `--pwfile=${passwordFile}`, ...encoding, '--no-sync'];
    const [file, ...args] = asUser(SERVER_USER, [tool('initdb'), ...cluster]);
    await runCommand(file, args, { cwd: directory });

    // Safe against SIGKILL, not against a power cut.
    const parameters = new Map([
      ['listen_addresses', HOST],
      ['unix_socket_directories', ''],
      ['wal_level', 'logical'],
      ['fsync', 'off'],
    ]);
    for (const name of ['max_wal_senders', 'max_replication_slots']) parameters.set(name, '10');
    parameters.set('log_min_messages', 'warning');
    if (tls === '1') {
      await makeCertificates(join(directory, 'tls'));
      for (const name of ['server.pem', 'server.key']) {
        await copyFile(join(directory, 'tls', name), join(data, name));
        await chmod(join(data, name), 0o600);
        await giveToServer(join(data, name));
      }
      parameters.set('ssl', 'on').set('ssl_cert_file', 'server.pem').set('ssl_key_file', 'server.key');
    }
    for (const [name, value] of settings) parameters.set(name, value);
    const flags = [...parameters].flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return [
      { name: 'postgres', user: SERVER_USER, command: [tool('postgres'), '-D', data, '-p', String(port), ...flags] },
    ];
  },
  ready: async ({ port }) => {
    await runCommand(tool('pg_isready'), ['-q', '-h', HOST, '-p', String(port)], { timeout: 5_000 });
    return true;
  },
  afterStart: async ({ port, options: { user, password, database } }) => {
    const sql = `create database "${database.replaceAll('"', '""')}"`;
    const connection = ['-h', HOST, '-p', String(port), '-U', user, '-d', 'postgres'];
    if (database !== 'postgres')
      await runCommand(tool('psql'), [...connection, '-qc', sql], { env: { PGPASSWORD: password } });
  },
  env: ({ port, directory, options: { user, password, database, tls } }) => ({
    ...environment(sqlUrl('postgres', { host: HOST, port: String(port), user, password, database })),
    ...(tls === '1' ? { PGSSLROOTCERT: join(directory, 'tls', 'ca.pem') } : {}),
  }),
  external: environment,
});

function environment(address: string) {
  const { host, port, user, password, database } = parseSqlUrl(address, '5432');
  return {
    POSTGRES_URL: address,
    PGHOST: host,
    PGPORT: port,
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
  };
}

async function giveToServer(...paths: readonly string[]): Promise<void> {
  if (!isRoot()) return;
  const id = async (flag: string) => Number(await runCommand('id', [flag, SERVER_USER]));
  const [user, group] = [await id('-u'), await id('-g')];
  for (const path of paths) await chown(path, user, group);
}
