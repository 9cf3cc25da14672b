export type CastTarget = 'int8' | 'int16' | 'int32' | 'int64' | 'float32' | 'float64' | 'boolean' | 'string';

/** What values can be cast to. */
export const castTargets: readonly CastTarget[] = [
  'int8',
  'int16',
  'int32',
  'int64',
  'float32',
  'float64',
  'boolean',
  'string',
];

export interface CastSpec {
  /** Of the whole key or value; no field is cast then. */
  readonly whole: CastTarget | undefined;
  readonly fields: readonly (readonly [field: string, target: CastTarget])[];
}

/** Reads items as `field:type`, or a single `type`. The problems are sentences. */
export function parseCastSpec(items: readonly string[]): { readonly spec: CastSpec; readonly problems: string[] } {
  const problems: string[] = [];
  const fields: (readonly [string, CastTarget])[] = [];
  let whole: CastTarget | undefined;
  let hasWhole = false;
  for (const item of items) {
    const parts = item.split(':').map((part) => part.trim());
    if (parts.length > 2) {
      problems.push(`${item} is no field:type`);
      continue;
    }
    const [first = '', second] = parts;
    const text = second ?? first;
    const target = castTargets.find((name) => name === text.toLowerCase());
    if (target === undefined)
      problems.push(`${text || 'nothing'} in ${item} is none of the types ${castTargets.join(', ')}`);
    hasWhole ||= second === undefined;
    if (second === undefined) whole = target;
    else if (target !== undefined) fields.push([first, target]);
  }
  if (items.length === 0) problems.push('Must specify at least one field to cast');
  if (hasWhole && items.length > 1) problems.push('a type for the whole key or value must stand alone');
  return { spec: { whole, fields }, problems };
}
