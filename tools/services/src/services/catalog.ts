import type { ServiceDefinition } from '../definition.ts';
import { usageError } from '../errors.ts';
import { elasticsearch, elasticsearch9 } from './elasticsearch.ts';
import { hdfs } from './hdfs.ts';
import { javaConnect } from './java-connect.ts';
import { kafka } from './kafka.ts';
import { kafkaSecure } from './kafka-secure.ts';
import { kafka3 } from './kafka3.ts';
import { mariadb } from './mariadb.ts';
import { mosquitto } from './mosquitto.ts';
import { postgres } from './postgres.ts';
import { registry } from './registry.ts';
import { s3 } from './s3.ts';
import { sqs } from './sqs.ts';

/** Every service by its name. */
export const catalog = {
  kafka,
  kafka3,
  'kafka-secure': kafkaSecure,
  'java-connect': javaConnect,
  postgres,
  mariadb,
  mosquitto,
  hdfs,
  elasticsearch,
  elasticsearch9,
  s3,
  registry,
  sqs,
} as const;

export type ServiceName = keyof typeof catalog;

/** The variables that a service exports. */
export type EnvironmentOf<Name extends ServiceName> = ReturnType<(typeof catalog)[Name]['env']>;

/** The definition of that name; for an unknown one a usage error that names similar ones. */
export function definitionOf(name: string): ServiceDefinition {
  if (Object.hasOwn(catalog, name)) return catalog[name as ServiceName] as ServiceDefinition;
  const near = nearNames(name, Object.keys(catalog));
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are: ${Object.keys(catalog).join(', ')}`;
  throw usageError(name === '' ? `which service? ${hint}` : `no service ${name}; ${hint}`);
}

/** The names that contain the word, are contained in it, or differ from it by few letters. */
export function nearNames(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase();
  return names.filter((name) => {
    const contains = wanted.length >= 3 && (name.startsWith(wanted) || wanted.startsWith(name));
    return contains || distance(wanted, name) <= Math.ceil(name.length / 4);
  });
}

/** Levenshtein's. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let index = 0; index < left.length; index++) {
    const next = [index + 1];
    for (let column = 0; column < right.length; column++) {
      const replaced = row[column]! + (left[index] === right[column] ? 0 : 1);
      next.push(Math.min(replaced, row[column + 1]! + 1, next[column]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
}
