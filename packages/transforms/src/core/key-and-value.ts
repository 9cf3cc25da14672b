import {
  type ConfigKeys,
  type ConfigOf,
  type ConfigProblem,
  type CreateContext,
  defineTransform,
  type Transform,
  type TransformPlugin,
} from '@millrace/api';
import { version } from '../version.ts';
import { located } from './located.ts';
import { keyPart, type RecordPart, valuePart } from './record-part.ts';

interface KeyAndValueDefinition<K extends ConfigKeys> {
  /** Short name; the transform of keys is called `NAME-key`. */
  readonly name: string;
  readonly doc: string;
  /** The Java class without its `$Key` or `$Value`; left out for what Java does not have. */
  readonly java?: string;
  readonly config: K;
  readonly validate?: (config: ConfigOf<K>) => readonly ConfigProblem[];
  readonly create: (context: CreateContext<ConfigOf<K>>, part: RecordPart) => Transform | Promise<Transform>;
}

/** Defines a transform twice: for values under its own name, and for keys. */
export function defineForKeyAndValue<const K extends ConfigKeys>(
  definition: KeyAndValueDefinition<K>,
): readonly [value: TransformPlugin<K>, key: TransformPlugin<K>] {
  const { name, doc, java, config, validate, create } = definition;
  const of = (part: RecordPart, partName: string, javaPart: string): TransformPlugin<K> =>
    defineTransform({
      name: partName,
      doc,
      version,
      ...(java !== undefined && { java: [`${java}$${javaPart}`] }),
      config,
      ...(validate !== undefined && { validate }),
      create: async (context) => located(await create(context, part), part),
    });
  return [of(valuePart, name, 'Value'), of(keyPart, `${name}-key`, 'Key')];
}
