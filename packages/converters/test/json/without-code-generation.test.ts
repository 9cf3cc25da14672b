import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const program = `
  import { fromBytes, toBytes } from '@millrace/api';
  import { createJsonConverter } from '${import.meta.resolve('../../src/index.ts')}';
  import { everything, everythingOf } from '${import.meta.resolve('../samples.ts')}';
  import { isDeepStrictEqual } from 'node:util';
  const converter = createJsonConverter();
  let good = 0;
  for (let number = 0; number < 20; number++) {
    const { value } = fromBytes(converter, 't', toBytes(converter, 't', everything, everythingOf(number)));
    if (isDeepStrictEqual({ ...value }, { ...everythingOf(number) })) good++;
  }
  console.log(good);
`;

describe('where code cannot be generated', () => {
  it('messages are converted all the same', () => {
    const flags = ['--conditions=@millrace/source', '--disallow-code-generation-from-strings'];
    const args = [...flags, '--input-type=module', '--eval', program];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', cwd: import.meta.dirname }).trim()).toBe('20');
  });
});
