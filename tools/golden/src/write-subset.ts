import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findGoldenDirectory, subsetDirectory } from './golden-directory.ts';
import { filesOf, groups } from './run.ts';

/** Of every file about so many characters, so that all of them stay under 200 KB. */
const budgetPerFile = 7_200;

interface AnyCase {
  readonly id?: string;
  readonly op?: string;
  readonly converter?: string;
  readonly transform?: string;
  readonly predicate?: string;
  readonly input: unknown;
  readonly error?: { readonly class: string };
}

interface AnyFile {
  readonly description: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly cases: readonly AnyCase[];
}

const { path, isSubset } = findGoldenDirectory();
if (isSubset) throw new Error('GOLDEN_DIR is absent: there is nothing to choose from.');
await rm(subsetDirectory, { recursive: true, force: true });
for (const group of groups) {
  await mkdir(join(subsetDirectory, group), { recursive: true });
  for (const file of await filesOf(path, group)) {
    const content = JSON.parse(await readFile(join(path, group, file), 'utf8')) as AnyFile;
    await writeFile(join(subsetDirectory, group, file), print(choose(content)));
  }
}

/** The shortest cases of each kind, kind after kind, until the budget is used up. */
function choose({ description, inputs, cases }: AnyFile): AnyFile {
  const kinds = new Map<string, AnyCase[]>();
  for (const one of cases) kinds.set(kindOf(one, inputs), [...(kinds.get(kindOf(one, inputs)) ?? []), one]);
  const cost = (one: AnyCase): number => JSON.stringify(one).length + inputText(one, inputs).length;
  const queues = [...kinds.values()].map((kind) => kind.toSorted((left, right) => cost(left) - cost(right)));
  const chosen = new Set<AnyCase>();
  let left = budgetPerFile;
  for (let round = 0; queues.some((queue) => queue.length > round); round++) {
    for (const queue of queues) {
      const one = queue[round];
      if (one === undefined || cost(one) > left) continue;
      chosen.add(one);
      left -= cost(one);
    }
  }
  const used = cases.filter((one) => chosen.has(one));
  if (inputs === undefined) return { description, cases: used };
  const names = new Set(used.map(({ input }) => input));
  return {
    description,
    inputs: Object.fromEntries(Object.entries(inputs).filter(([name]) => names.has(name))),
    cases: used,
  };
}

/** What is done, to which types, and how it ended. */
function kindOf(one: AnyCase, inputs: AnyFile['inputs']): string {
  const types = [...inputText(one, inputs).matchAll(/"t":"(\w+)"/g)].map(([, type]) => type);
  const subject = one.converter ?? one.transform ?? one.predicate;
  return JSON.stringify([one.op, subject, one.error?.class, types.at(0), types.length > 1 ? types.at(-1) : '']);
}

function inputText({ input }: AnyCase, inputs: AnyFile['inputs']): string {
  return inputs === undefined ? JSON.stringify(input) : JSON.stringify(inputs[input as string]);
}

/** One case a line, for grep and diff. */
function print({ description, inputs, cases }: AnyFile): string {
  const lines = (list: readonly string[]): string => list.join(',\n');
  const inputLines = Object.entries(inputs ?? {}).map(
    ([name, input]) => `${JSON.stringify(name)}:${JSON.stringify(input)}`,
  );
  const head = `{"description":${JSON.stringify(description)},\n`;
  const middle = inputs === undefined ? '' : `"inputs":{\n${lines(inputLines)}\n},\n`;
  return `${head}${middle}"cases":[\n${lines(cases.map((one) => JSON.stringify(one)))}\n]}\n`;
}
