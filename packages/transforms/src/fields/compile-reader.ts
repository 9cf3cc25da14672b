import type { Struct } from '@millrace/api';

/** A field on the way, and what stands in where it is not set. */
export interface ReadStep {
  readonly name: string;
  readonly defaultValue?: unknown;
}

/**
 * Compiles a function that reads a field along a path, and converts it if told how. `null` on the way ends it with
 * `null`. Being code of its own for each field, it finds the field where the engine saw it last; one closure for all
 * names would have to look it up each time.
 */
export function compileReader<A = void>(
  steps: readonly ReadStep[],
  convert?: (value: unknown, argument: A) => unknown,
): (struct: Struct, argument: A) => unknown {
  const defaults = steps.map(({ defaultValue }) => defaultValue);
  if (!canGenerateCode) return interpret(steps, convert);
  const reads = steps.map(({ name }, index) => {
    const from = index === 0 ? 'struct' : 'value';
    const orDefault = defaults[index] === undefined ? '' : ` ?? defaults[${index}]`;
    const key = JSON.stringify(name);
    const read = isInherited(name)
      ? `(Object.hasOwn(${from}, ${key}) ? ${from}[${key}] : undefined)`
      : `${from}[${key}]`;
    return `value = ${read}${orDefault};`;
  });
  const stop = `if (value === null || value === undefined) return ${convert ? 'convert(null, argument)' : 'null'};`;
  const last = convert ? 'return convert(value ?? null, argument);' : 'return value ?? null;';
  const body = `let value; ${reads.join(` ${stop} `)} ${last}`;
  return new Function('defaults', 'convert', `return (struct, argument) => { ${body} };`)(defaults, convert);
}

/** Whether an object has something by that name although it has no such property of its own. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

const canGenerateCode = ((): boolean => {
  try {
    return new Function('return true')();
  } catch {
    return false; // --disallow-code-generation-from-strings
  }
})();

function interpret<A>(
  steps: readonly ReadStep[],
  convert: ((value: unknown, argument: A) => unknown) | undefined,
): (struct: Struct, argument: A) => unknown {
  return (struct, argument) => {
    let value: unknown = struct;
    for (const { name, defaultValue } of steps) {
      if (value === null) break;
      const isRead = !isInherited(name) || Object.hasOwn(value as Struct, name);
      value = (isRead ? (value as Struct)[name] : undefined) ?? defaultValue ?? null;
    }
    return convert === undefined ? value : convert(value, argument);
  };
}
