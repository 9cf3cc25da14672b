import { parseArgs } from 'node:util';
import { service } from '@millrace/services';
import { type Guarantee, killSoak } from './kill-soak.ts';
import { memorySoak } from './memory-soak.ts';
import { killTable, memoryTable } from './tables.ts';

const guarantees: readonly Guarantee[] = ['at-least-once', 'exactly-once'];

/**
 * `pnpm soak kill [--kills n] [--seed n] [--only guarantee]`, on Apache Kafka.
 *
 * @returns 0 when every line is where it should be, 1 when not, 2 when called wrongly.
 */
export async function kill(argv: readonly string[]): Promise<number> {
  const options = { kills: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } } as const;
  const values = read(() => parseArgs({ args: [...argv], options }).values);
  if (typeof values === 'string') return refuse(values);
  const kills = Number(values.kills ?? 100);
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  if (!Number.isInteger(kills) || kills < 1) return refuse(`--kills is '${values.kills}', not a number from 1 on.`);
  if (!Number.isSafeInteger(seed)) return refuse(`--seed is '${values.seed}', not a whole number.`);
  const chosen = guarantees.filter((guarantee) => values.only === undefined || values.only === guarantee);
  if (chosen.length === 0) return refuse(`--only is '${values.only}'; there are: ${guarantees.join(', ')}.`);
  console.log(`Seed ${seed}: --seed ${seed} makes the same decisions again.`);
  const kafka = await service('kafka');
  let ok = true;
  for (const guarantee of chosen) {
    const result = await killSoak({ bootstrapServers: kafka.address, guarantee, kills, seed });
    console.log(killTable(result));
    ok &&= result.ok;
  }
  await kafka.stop();
  return ok ? 0 : 1;
}

/** `pnpm soak memory [--minutes n] [--gib n]`, on Apache Kafka. */
export async function memory(argv: readonly string[]): Promise<number> {
  const options = { minutes: { type: 'string' }, gib: { type: 'string' } } as const;
  const values = read(() => parseArgs({ args: [...argv], options }).values);
  if (typeof values === 'string') return refuse(values);
  const minutes = Number(values.minutes ?? 30);
  const gib = Number(values.gib ?? 10);
  if (!(minutes >= 0 && gib >= 0)) return refuse('--minutes and --gib are numbers from 0 on; 0 leaves that part out.');
  const kafka = await service('kafka');
  let ok = true;
  for (const [scenario, amount] of [
    ['flow', minutes],
    ['backlog', gib],
  ] as const) {
    if (amount === 0) continue;
    const result = await memorySoak({ bootstrapServers: kafka.address, scenario, minutes, gib });
    console.log(memoryTable(result));
    ok &&= result.ok;
  }
  await kafka.stop();
  return ok ? 0 : 1;
}

function read<T>(parse: () => T): T | string {
  try {
    return parse();
  } catch (error) {
    return (error as Error).message.split('\n')[0] ?? '';
  }
}

function refuse(message: string): number {
  console.error(message);
  return 2;
}
