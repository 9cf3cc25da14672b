import type { Command } from './command.ts';

/** The commands by name; a command is loaded when it is called. */
export const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['broker', async () => (await import('./broker/broker-command.ts')).brokerCommand],
]);
