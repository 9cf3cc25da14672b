import { isDeepStrictEqual } from 'node:util';
import type { Difference } from '../compare.ts';
import { isOfOtherPlugins } from './other-plugins.ts';
import type { ExpectedAnswer, RestAnswer, RestCase, VolatilePart } from './rest-case.ts';

/** Status, headers that mean something, and the body but for what varies from run to run. */
export function compareAnswer({ response, volatile, expected, alsoAccept }: RestCase, answer: RestAnswer): Difference {
  if (expected !== undefined)
    return meets(expected, answer) ? undefined : `expected ${JSON.stringify(expected)}, got ${shown(answer)}`;
  if (alsoAccept !== undefined && meets(alsoAccept, answer)) return undefined;
  if (answer.status !== response.status) return `status: expected ${response.status}, got ${shown(answer)}`;
  const header = compareHeaders(response.headers, answer.headers);
  if (header !== undefined) return header;
  if (response.bodyJson === undefined) {
    const text = response.bodyText ?? '';
    const same =
      text === answer.text || (response.headers['Allow'] !== undefined && sorted(text) === sorted(answer.text));
    return same ? undefined : `body: expected '${text}', got '${answer.text}'`;
  }
  const wanted = normalised(response.bodyJson, volatile);
  const got = normalised(JSON.parse(answer.text), volatile);
  return firstDifference('$', wanted, got);
}

function meets({ status, error_code: code }: ExpectedAnswer, answer: RestAnswer): boolean {
  if (answer.status !== status) return false;
  if (code === undefined || answer.text === '') return true;
  return (JSON.parse(answer.text) as { readonly error_code?: number }).error_code === code;
}

function shown({ status, text }: RestAnswer): string {
  return `${status} ${text.slice(0, 300)}`;
}

function compareHeaders(recorded: RestAnswer['headers'], answered: RestAnswer['headers']): Difference {
  for (const [name, value] of Object.entries(recorded)) {
    if (!['content-type', 'location', 'allow'].includes(name.toLowerCase())) continue;
    const got = answered[name.toLowerCase()] ?? '';
    if (name === 'Allow' ? sorted(got) !== sorted(value) : got.split(';')[0] !== value.split(';')[0]) {
      return `header ${name}: expected ${value}, got ${got}`;
    }
  }
  return undefined;
}

function sorted(list: string): string {
  return list.split(/,\s*/).toSorted().join();
}

/** Without what varies; lists that have no order of their own are sorted. */
function normalised(body: unknown, volatile: readonly VolatilePart[]): unknown {
  let copy: unknown = structuredClone(body);
  for (const { path, kind } of volatile) copy = changeAt(copy, segmentsOf(path), kind);
  return normal(copy, '');
}

function segmentsOf(path: string): readonly string[] {
  return [...path.matchAll(/\.([^.[]+)|\["([^"]+)"\]|\[(\*)\]/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}

function changeAt(value: unknown, [name, ...rest]: readonly string[], kind: VolatilePart['kind']): unknown {
  if (name === undefined) {
    return kind === 'order' && Array.isArray(value)
      ? value.toSorted((a, b) => (text(a) < text(b) ? -1 : 1))
      : undefined;
  }
  if (Array.isArray(value)) return name === '*' ? value.map((item) => changeAt(item, rest, kind)) : value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return value;
  const object = value as Record<string, unknown>;
  object[name] = changeAt(object[name], rest, kind);
  return object;
}

function normal(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return normalList(value, key);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name, one]) => name !== 'documentation' && one !== undefined && !isOfOtherPlugins(name))
    .map(([name, one]) => [name, normal(one, name)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function normalList(list: readonly unknown[], key: string): unknown {
  const kept = list.filter((item) => !isOfOtherPlugins(nameOf(item))).map((item) => normal(item, key));
  const isSet =
    kept.every(isDefinition) ||
    key === 'configs' ||
    key === 'recommended_values' ||
    kept.every((item) => nameOf(item).includes('.'));
  if (!isSet) return kept;
  const byText = new Map(kept.map((item) => [text(item), item]));
  return [...byText]
    .toSorted(([a], [b]) => (nameOf(byText.get(a)) + a < nameOf(byText.get(b)) + b ? -1 : 1))
    .map(([, item]) => item);
}

function isDefinition(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'display_name' in item;
}

/** Of a plugin, or of a key. */
function nameOf(item: unknown): string {
  if (typeof item === 'string') return item;
  const { class: className, value, name } = (item ?? {}) as Named;
  return className ?? value?.name ?? (isDefinition(item) ? (name ?? '') : '');
}

interface Named {
  readonly class?: string;
  readonly name?: string;
  readonly value?: { readonly name?: string };
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

function firstDifference(path: string, wanted: unknown, got: unknown): Difference {
  if (isDeepStrictEqual(wanted, got)) return undefined;
  if (isContainer(wanted) && isContainer(got) && Array.isArray(wanted) === Array.isArray(got)) {
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
      const difference = firstDifference(`${path}.${name}`, wanted[name], got[name]);
      if (difference !== undefined) return difference;
    }
  }
  return `${path}: expected ${text(wanted).slice(0, 300)}, got ${text(got).slice(0, 300)}`;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
