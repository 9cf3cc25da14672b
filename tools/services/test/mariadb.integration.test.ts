import { afterAll, expect, test } from 'vitest';
import { describeService } from '../src/index.ts';
import { expectLoopbackOnly, portOf, runWithInput } from './support.ts';

describeService('mariadb', (mariadb) => {
  afterAll(() => mariadb.stop());

  const query = async (sql: string, password: string = mariadb.env.MARIADB_PASSWORD): Promise<string> => {
    const { MARIADB_HOST, MARIADB_PORT, MARIADB_USER, MARIADB_DATABASE } = mariadb.env;
    const connection = [
      '--no-defaults',
      '-h',
      MARIADB_HOST,
      '-P',
      MARIADB_PORT,
      '-u',
      MARIADB_USER,
      '-N',
      MARIADB_DATABASE,
    ];
    return (await runWithInput('mariadb', connection, sql, { MYSQL_PWD: password })).trim();
  };

  test('keeps a committed row over SIGKILL and restart', async () => {
    await query("create table letters (letter text); insert into letters values ('a')");
    await expectLoopbackOnly(portOf(mariadb.address));
    await mariadb.kill9();
    await mariadb.restart();
    expect(await query('select letter from letters')).toBe('a');
  });

  test('writes its binary log by row', async () => {
    expect(await query("show variables like 'binlog_format'")).toContain('ROW');
  });

  test('refuses a wrong password', async () => {
    await expect(query('select 1', 'wrong')).rejects.toThrow('Access denied');
  });
});
