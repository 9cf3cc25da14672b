import { isDeepStrictEqual } from 'node:util';
import type { Difference, Outcome } from '../compare.ts';
import type { DeviationRule } from '../deviations.ts';
import { compareAnswer } from './compare-answer.ts';
import { isOfOtherPlugins } from './other-plugins.ts';
import type { RestAnswer, RestCase } from './rest-case.ts';

interface LeftOutRule {
  readonly id: string;
  readonly reason: string;
  readonly isAbout: (asked: { readonly method: string; readonly path: string; readonly body: string }) => boolean;
}

/** Exchanges that are not sent at all. */
const leftOutRules: readonly LeftOutRule[] = [
  {
    id: 'class-not-shipped',
    reason: 'REST: MirrorMaker has no counterpart here yet; its connectors are left out, in lists too.',
    isAbout: ({ path, body }) => isOfOtherPlugins(path) || isOfOtherPlugins(body),
  },
  {
    id: 'standalone-no-cluster',
    reason:
      'REST in standalone mode: there are no other workers, so the internal endpoints do not exist and no consumer group can be that of the workers. As in Java.',
    isAbout: ({ method, path, body }) =>
      path.endsWith('/fence') || (method === 'POST' && path.endsWith('/tasks')) || body.includes('"connect-cluster"'),
  },
];

/** Differences that are there on purpose: what is taken from an answer, so that the rest can be compared. */
const changeRules: readonly ChangeRule[] = [
  {
    id: 'more-plugins',
    reason: 'REST: lists of plugins, and what is recommended for a key, also name the plugins that Java does not have.',
    change: (value, key) => {
      if (key === 'recommended_values') return isJavaName(value) ? value : dropped;
      return isObject(value) && typeof value['class'] === 'string' && !isJavaName(value['class']) ? dropped : value;
    },
  },
  {
    id: 'more-keys',
    reason:
      'REST: plugins have keys that Java does not know: `field.syntax.version` and `replace.null.with.default` for all transforms that look at fields, dead letter queues for sources.',
    change: (value, _, { names }) => {
      if (!isObject(value)) return value;
      if (isNewKey(value, names)) return dropped;
      const { order_in_group: __, ...rest } = value;
      return String(value['group']).startsWith('Transforms: ') ? rest : value;
    },
    changesBoth: true,
  },
  {
    id: 'jvm-classes',
    reason:
      'REST: a class that only the JVM has is one that could not be found, and no text tells of the insides of Java (`Cannot invoke …`).',
    change: (value, _, { jvmKeys }) => {
      if (!isObject(value) || jvmKeys.size === 0) return value;
      const { error_count: __, ...rest } = value;
      const inner = value['value'];
      return isObject(inner) && jvmKeys.has(String(inner['name'])) ? { name: inner['name'] } : rest;
    },
    changesBoth: true,
  },
  {
    id: 'client-override-definitions',
    reason:
      'REST: `/validate` defines settings such as `producer.override.acks` as texts without a default; Java has the definitions of its clients at hand.',
    change: (value) => {
      const isOverride = isObject(value) && /^(?:producer|consumer|admin)\.override\./.test(String(value['name']));
      return isOverride && 'display_name' in value ? { name: value['name'] } : value;
    },
    changesBoth: true,
  },
  {
    id: 'transactional-id-override',
    reason:
      'REST: a `producer.override.transactional.id` does not fail the tasks of a source. In Java it does, because the producers of its sources are not idempotent unless told so.',
    change: (value, _, { withoutTransactions }) =>
      isObject(value) && 'tasks' in value && withoutTransactions.has(String(value['name']))
        ? { name: value['name'] }
        : value,
    changesBoth: true,
  },
];

interface ChangeRule {
  readonly id: string;
  readonly reason: string;
  /** What stands in the place of a part of an answer; `dropped` for nothing. `key` names the nearest object's. */
  readonly change: (value: unknown, key: string, recorded: Recorded) => unknown;
  /** Whether what was recorded is changed, too. */
  readonly changesBoth?: boolean;
}

interface Recorded {
  /** Of the keys that were recorded in this answer. */
  readonly names: ReadonlySet<string>;
  /** Keys with errors that only a JVM can have. */
  readonly jvmKeys: ReadonlySet<string>;
  /** Connectors with tasks that have failed because of their `transactional.id`. */
  readonly withoutTransactions: ReadonlySet<string>;
}

const dropped: unique symbol = Symbol('dropped');

export const restDeviationRules: readonly DeviationRule<RestCase>[] = [
  ...leftOutRules.map(({ id, reason }) => ({
    id,
    reason,
    applies: (_: RestCase, outcome: Outcome) =>
      'output' in outcome && (outcome.output as { readonly leftOut?: string }).leftOut === id,
  })),
  {
    id: 'own-versions',
    reason: "REST: plugins have versions of their own; ranges that are made for Kafka's versions may not hold them.",
    applies: ({ request }: RestCase, outcome: Outcome) =>
      request.path.includes('version=') &&
      'output' in outcome &&
      (outcome.output as RestAnswer).text.includes('not found that matches the version range'),
  },
  ...changeRules.map((rule) => ({
    id: rule.id,
    reason: rule.reason,
    applies: (restCase: RestCase, outcome: Outcome) => isExcused(rule, restCase, outcome),
  })),
];

/** What is left of a difference when everything is taken away that the rules are about. */
export function differenceBeyondRules(restCase: RestCase, answer: RestAnswer): Difference {
  if (!isJson(restCase, answer)) return compareAnswer(restCase, answer);
  const all = changedBy(changeRules, restCase, answer);
  return compareAnswer(all.restCase, all.answer);
}

function isJson({ response }: RestCase, { text }: RestAnswer): boolean {
  return response.bodyJson !== undefined && /^[[{]/.test(text);
}

/** Whether a rule has something to say, and with all rules nothing is left to be said. */
function isExcused(rule: ChangeRule, restCase: RestCase, outcome: Outcome): boolean {
  if (!('output' in outcome)) return false;
  const answer = outcome.output as RestAnswer;
  if (answer.text === undefined || !isJson(restCase, answer)) return false;
  const changed = changedBy([rule], restCase, answer);
  const nothingToSay =
    changed.answer.text === answer.text && changed.restCase.response.bodyJson === restCase.response.bodyJson;
  if (nothingToSay) return false;
  return differenceBeyondRules(restCase, answer) === undefined;
}

function changedBy(
  rules: readonly ChangeRule[],
  restCase: RestCase,
  answer: RestAnswer,
): { readonly restCase: RestCase; readonly answer: RestAnswer } {
  const body = restCase.response.bodyJson;
  const recorded = {
    names: namesIn(body, new Set()),
    jvmKeys: jvmKeysIn(body),
    withoutTransactions: withoutTransactions(body),
  };
  const before: unknown = JSON.parse(answer.text);
  const after = rules.reduce((value, rule) => apply(value, '', (one, key) => rule.change(one, key, recorded)), before);
  const both = rules.filter(({ changesBoth }) => changesBoth === true);
  const wanted = both.reduce((value, rule) => apply(value, '', (one, key) => rule.change(one, key, recorded)), body);
  const same = isDeepStrictEqual(wanted, body);
  return {
    restCase: same ? restCase : { ...restCase, response: { ...restCase.response, bodyJson: wanted } },
    answer: isDeepStrictEqual(before, after) ? answer : { ...answer, text: JSON.stringify(after) },
  };
}

function apply(value: unknown, key: string, change: (value: unknown, key: string) => unknown): unknown {
  const changed = change(value, key);
  if (Array.isArray(changed)) {
    return changed.map((item) => apply(item, key, change)).filter((item) => item !== dropped);
  }
  if (!isObject(changed)) return changed;
  const entries = Object.entries(changed).map(([name, one]) => [name, apply(one, name, change)] as const);
  return Object.fromEntries(entries.filter(([, one]) => one !== dropped));
}

function namesIn(value: unknown, names: Set<string>): ReadonlySet<string> {
  if (Array.isArray(value)) for (const item of value) namesIn(item, names);
  else if (isObject(value)) {
    if (typeof value['name'] === 'string') names.add(value['name']);
    for (const one of Object.values(value)) namesIn(one, names);
  }
  return names;
}

const jvmError = /does not implement the \w+ interface|is abstract and cannot be created|Cannot invoke "/;

function jvmKeysIn(body: unknown): ReadonlySet<string> {
  if (!isObject(body) || !Array.isArray(body['configs'])) return new Set();
  const values = (body['configs'] as readonly unknown[]).map((config) =>
    isObject(config) ? config['value'] : undefined,
  );
  const found = values
    .filter(isObject)
    .filter(({ errors }) => jvmError.test(JSON.stringify(errors).replaceAll('\\', '')));
  return new Set(found.flatMap(({ name }) => [String(name), `${String(name)}.plugin.version`]));
}

function withoutTransactions(value: unknown): ReadonlySet<string> {
  if (!isObject(value)) return new Set();
  const { name, tasks } = value;
  const failed =
    Array.isArray(tasks) &&
    tasks.some((task) => isObject(task) && /Cannot set a transactional/.test(String(task['trace'])));
  const inner = Object.values(value).flatMap((one) => [...withoutTransactions(one)]);
  return new Set(failed ? [String(name), ...inner] : inner);
}

/** The definition of a key, or that with its value. */
function isNewKey(value: Readonly<Record<string, unknown>>, names: ReadonlySet<string>): boolean {
  const { definition } = value;
  if (isObject(definition)) return !names.has(String(definition['name']));
  return 'display_name' in value && !names.has(String(value['name']));
}

function isJavaName(value: unknown): boolean {
  return typeof value !== 'string' || value === '' || value.startsWith('org.apache.kafka.') || /^[\d.]+$/.test(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The rule that leaves an exchange out. */
export function leftOutOf({
  request,
}: {
  readonly request: { readonly method?: string; readonly path: string; readonly body?: string | null };
}): string | undefined {
  const { method = 'GET', path, body } = request;
  return leftOutRules.find(({ isAbout }) => isAbout({ method, path: decodeURIComponent(path), body: body ?? '' }))?.id;
}
