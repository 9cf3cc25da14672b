import { globSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { describeService, service } from '../src/index.ts';
import { processFamily, processIdentity } from '../src/process-tree.ts';
import { eventually, expectLoopbackOnly, portOf, runWithInput } from './support.ts';

const PSQL = globSync(['/usr/lib/postgresql/*/bin/psql', '/opt/homebrew/opt/postgresql@*/bin/psql'])[0] ?? 'psql';

async function query(url: string, sql: string, env: Record<string, string> = {}): Promise<string> {
  return (await runWithInput(PSQL, [url, '-qAt', '-v', 'ON_ERROR_STOP=1'], sql, env)).trim();
}

/** Parent, grandparent, … */
function ancestors(pid: number): number[] {
  const parent = processFamily(pid).find((entry) => entry.pid === pid)?.parent ?? 0;
  return parent > 1 ? [parent, ...ancestors(parent)] : [];
}

describeService('postgres', (postgres) => {
  afterAll(() => postgres.stop());

  test('keeps a committed row over SIGKILL and restart', async () => {
    await query(postgres.address, "create table letters (letter text); insert into letters values ('a')");
    await expectLoopbackOnly(portOf(postgres.address));
    await postgres.kill9();
    await postgres.restart();
    expect(await query(postgres.address, 'select letter from letters')).toBe('a');
  });

  test('its backends, which have sessions of their own, die with it', async () => {
    const pids = (await query(postgres.address, 'select pid from pg_stat_activity')).split('\n').map(Number);
    expect(pids.length).toBeGreaterThan(3);
    await postgres.kill9();
    expect(pids.filter((pid) => processIdentity(pid) !== undefined)).toEqual([]);
    await postgres.restart();
  });

  test.runIf(process.platform === 'linux')('dies with its supervisor, although it runs as another user', async () => {
    const [backend = 0] = (await query(postgres.address, 'select pid from pg_stat_activity')).split('\n').map(Number);
    const [server = 0, supervisor = 0] = ancestors(backend);
    process.kill(supervisor, 'SIGKILL');
    await eventually(() => expect(processIdentity(backend)).toBeUndefined());
    // PostgreSQL also respects the lock of a dead process that nobody has waited for yet.
    await eventually(() => expect(() => process.kill(server, 0)).toThrow('ESRCH'));
    await postgres.restart();
    expect(await query(postgres.address, 'select 1')).toBe('1');
  });

  test('hangs while it is paused, backends included, and goes on afterwards', async () => {
    await postgres.pause();
    try {
      await expect(query(postgres.address, 'select 1', { PGCONNECT_TIMEOUT: '2' })).rejects.toThrow('timeout');
    } finally {
      await postgres.resume();
    }
    expect(await eventually(() => query(postgres.address, 'select 1'))).toBe('1');
  });

  test('offers logical decoding', async () => {
    await query(postgres.address, "select pg_create_logical_replication_slot('slot', 'pgoutput')");
    expect(await query(postgres.address, 'select plugin from pg_replication_slots')).toBe('pgoutput');
  });

  test('asks for a password and speaks TLS when told so', async () => {
    const secure = await service('postgres', { fresh: true, options: { auth: 'password', tls: '1' } });
    try {
      const url = `${secure.address}?sslmode=verify-full&sslrootcert=${secure.env.PGSSLROOTCERT}`;
      expect(await query(url, 'select ssl from pg_stat_ssl where pid = pg_backend_pid()')).toBe('t');
      const wrong = secure.address.replace(secure.env.PGPASSWORD, 'wrong');
      await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed');
    } finally {
      await secure.stop();
    }
  });
});
