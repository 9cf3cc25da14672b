import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defineService, HOST } from '../definition.ts';
import { findProgram, installPrograms, isRoot, type Program, requireProgram } from '../programs.ts';
import { runCommand } from '../run-command.ts';
import { versions } from '../versions.ts';
import { parseSqlUrl, sqlUrl } from './sql-url.ts';

const SERVER: Program = { name: 'mariadbd', apt: 'mariadb-server-core', brew: 'mariadb' };
const CLIENT: Program = { name: 'mariadb', apt: 'mariadb-client-core', brew: 'mariadb' };
const SETUP: Program = { name: 'mariadb-install-db', apt: 'mariadb-server-core', brew: 'mariadb' };

export const mariadb = defineService({
  description: 'MariaDB, binlog by row',
  version: versions.mariadb,
  options: { user: 'test', password: 'secret', database: 'test' },
  settings: 'an argument --KEY=VALUE of the server',
  address: 'MARIADB_URL',
  ports: () => [0],
  installation: () => (findProgram(CLIENT) === undefined ? undefined : findProgram(SERVER)),
  install: () => installPrograms(SERVER, CLIENT, SETUP),
  prepare: async ({ directory, port, options: { user, password, database }, settings }) => {
    const data = join(directory, 'data');
    // Without the user's name the server refuses to run as root.
    const common = ['--no-defaults', ...(isRoot() ? ['--user=root'] : []), `--datadir=${data}`];
    const setup = ['--auth-root-authentication-method=normal', '--skip-test-db'];
    await runCommand(requireProgram(SETUP), [...common, ...setup], { cwd: directory });
    const init = join(directory, 'init.sql');
    await writeFile(init, initialStatements(user, password, database), { mode: 0o600 });
    const server = requireProgram(SERVER);
    const parameters = {
      // Relative to the data directory, because a socket's path may have only about 100 characters.
      socket: 'server.sock',
      'init-file': init,
      'bind-address': HOST,
      port: String(port),
      'pid-file': join(data, 'pid'),
      'log-bin': 'binlog',
      'binlog-format': 'ROW',
      'server-id': '1',
      'innodb-flush-log-at-trx-commit': '2',
      'innodb-buffer-pool-size': '32M',
      'performance-schema': 'OFF',
    };
    const flags = [...Object.entries(parameters), ...settings].map(([key, value]) => `--${key}=${value}`);
    return [{ name: 'mariadb', command: [server, ...common, '--skip-name-resolve', ...flags] }];
  },
  ready: async ({ port, options: { user, password, database } }) => {
    const connection = ['--no-defaults', '-h', HOST, '-P', String(port), '-u', user];
    const client = join(dirname(requireProgram(CLIENT)), 'mariadb');
    await runCommand(client, [...connection, '-e', 'select 1', database], {
      env: { MYSQL_PWD: password },
      timeout: 5_000,
    });
    return true;
  },
  env: ({ port, options }) => environment(sqlUrl('mysql', { host: HOST, port: String(port), ...options })),
  external: environment,
});

function environment(address: string) {
  const { host, port, user, password, database } = parseSqlUrl(address, '3306');
  return {
    MARIADB_URL: address,
    MARIADB_HOST: host,
    MARIADB_PORT: port,
    MARIADB_USER: user,
    MARIADB_PASSWORD: password,
    MARIADB_DATABASE: database,
  };
}

/** Run at every start. */
function initialStatements(user: string, password: string, database: string): string {
  const text = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  const accounts = [HOST, 'localhost'].map((host) => `${text(user)}@${text(host)}`);
  const statements = [
    `ALTER USER root@localhost IDENTIFIED BY ${text(password)}`,
    `DROP USER IF EXISTS ''@localhost`,
    `CREATE DATABASE IF NOT EXISTS \`${database.replaceAll('`', '``')}\``,
    ...accounts.map((account) => `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY ${text(password)}`),
    ...accounts.map((account) => `GRANT ALL ON *.* TO ${account}`),
  ];
  return `${statements.join(';\n')};\n`;
}
