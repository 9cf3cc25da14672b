import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './command.ts';

/** Options of a command, and what stands beside them. @throws UsageError that says in one line what is wrong. */
export function parseArguments<const Flags extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  args: readonly string[],
  options: Flags,
  { positionals = false } = {},
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: positionals });
  } catch (error) {
    const [firstSentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${firstSentence}; "millrace ${command} --help" lists the options`, { cause: error });
  }
}

/** @throws UsageError when it is no whole number within these bounds. */
export function integerOption(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} is "${text}", not a number from ${least} to ${most}`);
}

export function portOption(flag: string, text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : integerOption(flag, text, 0, 65_535);
}

/** @throws UsageError when it is none of the choices. */
export function choiceOption<const Choice extends string>(
  flag: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  throw new UsageError(`${flag} is "${text}"; it can be ${choices.join(', ')}`);
}
