const longest = 249;

/** What is wrong with a topic's name; `undefined` when nothing is. */
export function topicNameProblem(name: string): string | undefined {
  if (name === '') return 'A topic name cannot be empty.';
  if (name === '.' || name === '..') return `A topic cannot be named '${name}'.`;
  if (name.length > longest) return `A topic name has at most ${longest} characters; '${name}' has ${name.length}.`;
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return `Topic name '${name}' has characters other than ASCII letters and digits, '.', '_' and '-'.`;
  }
  return undefined;
}
