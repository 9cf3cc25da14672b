import { expect, it } from 'vitest';
import { aliased, configMarkdown, duration, int, oneOf, password, prefixed, string } from '../../src/index.ts';

it('prints one table per group, without internal keys, values of secrets or broken cells', () => {
  const keys = {
    topic: string('topic', { doc: 'Topic that gets\n  the lines | all.', importance: 'high' }),
    size: int('batch.size', { doc: 'Most records.', default: 2000, min: 1, max: 9000, aliases: ['size'] }),
    mode: oneOf('mode', ['insert', 'upsert'], { doc: 'How to write.', default: 'insert', group: 'Writes' }),
    empty: string('suffix', { doc: 'What is added.', default: '', deprecated: 'use names' }),
    pass: password('password', { doc: 'Secret.', default: 'changeit', importance: 'low' }),
    inner: string('inner', { doc: 'Nothing for users.', default: null, internal: true }),
    wait: duration('wait', { doc: 'How long.', default: null, group: 'Writes' }),
    steps: aliased('steps', { doc: 'Steps.', group: 'Steps', keys: { type: string('type', { doc: 'Kind.' }) } }),
    headers: prefixed('header.', { doc: 'Sent along.' }),
  };
  expect(configMarkdown(keys)).toBe(`\
| Key | Type | Default | Importance | Meaning |
| --- | --- | --- | --- | --- |
| \`topic\` | string | *required* | high | Topic that gets the lines \\| all. |
| \`batch.size\` | int, at least 1, at most 9000 | \`2000\` | medium | Most records. Old name: \`size\`. |
| \`suffix\` | string | \`""\` | medium | **Deprecated: use names** What is added. |
| \`password\` | password | \`[hidden]\` | low | Secret. |
| \`header.*\` | any |  |  | Sent along. |

### Writes

| Key | Type | Default | Importance | Meaning |
| --- | --- | --- | --- | --- |
| \`mode\` | string, one of \`insert\`, \`upsert\` | \`insert\` | medium | How to write. |
| \`wait\` | duration | none | medium | How long. |

### Steps

| Key | Type | Default | Importance | Meaning |
| --- | --- | --- | --- | --- |
| \`steps\` | list | \`""\` | medium | Steps. |

### Steps: _alias_

| Key | Type | Default | Importance | Meaning |
| --- | --- | --- | --- | --- |
| \`steps.<alias>.type\` | string | *required* | medium | Kind. |
`);
});
