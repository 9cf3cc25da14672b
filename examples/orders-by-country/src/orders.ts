import { appendFile, glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Customers are those of data/customers.csv, by number. */
const countries = ['at', 'pt', 'it', 'no', 'cz'];

/** Appends orders with these numbers, of all customers in turn. */
export async function appendOrders(file: string, first: number, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const customer = (number % countries.length) + 1;
    return `${number},${customer},customer${customer}@example.org,${(number % 97) + 0.5}\n`;
  });
  await appendFile(file, rows.join(''));
}

export const header = 'order,customer,email,total\n';

interface Written {
  readonly order: string;
  readonly customer: string;
  readonly name: string;
  readonly country: string;
  readonly email: string;
}

/** What the sink has written so far, with the country of the directory that each record is in. */
export async function readOutput(directory: string): Promise<readonly (Written & { readonly directory: string })[]> {
  const records: (Written & { readonly directory: string })[] = [];
  for await (const path of glob('orders/country=*/**/*.jsonl', { cwd: directory })) {
    const country = /country=(\w+)/.exec(path)?.[1] ?? '';
    const lines = (await readFile(join(directory, path), 'utf8')).split('\n').filter((line) => line !== '');
    for (const line of lines) records.push({ ...(JSON.parse(line) as Written), directory: country });
  }
  return records;
}

/** What is wrong with the output for orders 1 to `count`; `undefined` when nothing is. */
export function problemOf(records: Awaited<ReturnType<typeof readOutput>>, count: number): string | undefined {
  const seen = new Set(records.map(({ order }) => order));
  if (records.length !== count) return `${records.length} records were written, not ${count}`;
  for (let number = 1; number <= count; number++) if (!seen.has(`${number}`)) return `order ${number} is missing`;
  const wrong = records.find(
    ({ customer, country, email, name, directory }) =>
      email !== 'hidden' || name === '' || country !== countries[Number(customer) - 1] || directory !== country,
  );
  return wrong === undefined ? undefined : `order ${wrong.order} is wrong: ${JSON.stringify(wrong)}`;
}
