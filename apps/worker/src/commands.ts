import type { Command } from './command.ts';

/** The commands by name; a command is loaded when it is called. */
export const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['dev', async () => (await import('./dev/dev-command.ts')).devCommand],
  ['standalone', async () => (await import('./standalone/standalone-command.ts')).standaloneCommand],
  ['broker', async () => (await import('./broker/broker-command.ts')).brokerCommand],
  ['plugins', async () => (await import('./plugins/plugins-command.ts')).pluginsCommand],
]);
