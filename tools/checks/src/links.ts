import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const link = /\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)\s]*)?\)/g;

/** Every relative link of a Markdown file leads somewhere. */
export async function checkLinks(root: string, files: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  for (const file of files) {
    const text = await readFile(join(root, file), 'utf8');
    for (const [, target = ''] of text.matchAll(link)) {
      if (!existsSync(join(root, dirname(file), target)))
        problems.push(`${file}: links to ${target}, which is not there.`);
    }
  }
  return problems;
}
