import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const source = fileURLToPath(import.meta.resolve('../../src/index.ts'));

/** What `Schema.create` and `compileStructMapper` make of odd names, as JSON. */
const program = `
  import { compileStructMapper, Schema } from ${JSON.stringify(new URL(`file://${source}`).href)};
  const names = ['__proto__', 'constructor', 'a'];
  const schema = Schema.struct(names.map((name) => [name, Schema.int32.asOptional()]));
  const created = schema.create(JSON.parse('{"__proto__":1,"a":3}'));
  const mapped = compileStructMapper(schema, [{ value: 7 }, { from: 'constructor' }, { compute: (input) => input.a + 1 }]);
  let refused = '';
  try { schema.create({ b: 1 }); } catch (error) { refused = error.message; }
  let generates = true;
  try { new Function(''); } catch { generates = false; }
  console.log(JSON.stringify([generates, Object.entries(created), Object.entries(mapped(created)), Object.entries(mapped({ a: 1 })), refused]));
`;

async function runWith(...flags: readonly string[]): Promise<readonly unknown[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--input-type=module', '--eval', program]);
  return JSON.parse(stdout) as readonly unknown[];
}

it('structs are the same where code generation is disabled', async () => {
  const [[generates, ...usual], [generatesToo, ...plain]] = await Promise.all([
    runWith(),
    runWith('--disallow-code-generation-from-strings'),
  ]);
  expect([generates, generatesToo]).toEqual([true, false]);
  expect(plain).toEqual(usual);
  expect(plain).toEqual([
    [
      ['__proto__', 1],
      ['constructor', null],
      ['a', 3],
    ],
    [
      ['__proto__', 7],
      ['constructor', null],
      ['a', 4],
    ],
    [
      ['__proto__', 7],
      ['constructor', null],
      ['a', 2],
    ],
    'Schema{STRUCT} has no field "b"; it has: __proto__, constructor, a.',
  ]);
}, 20_000);
