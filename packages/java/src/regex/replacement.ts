import { IllegalArgumentError, IndexOutOfBoundsError } from '../errors.ts';

/** Text, or the number of a group. */
export type ReplacementPart = string | number;

/** Reads Java's replacement syntax: `$1`, `${name}`, and a backslash before a character that is to stand for itself. */
export function parseReplacement(
  replacement: string,
  groupCount: number,
  groupNames: ReadonlyMap<string, number>,
): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  let text = '';
  for (let index = 0; index < replacement.length; ) {
    const character = replacement[index]!;
    index++;
    if (character === '\\') {
      if (index === replacement.length) {
        throw new IllegalArgumentError('character to be escaped is missing');
      }
      text += replacement[index];
      index++;
    } else if (character === '$') {
      parts.push(text);
      text = '';
      const reference = parseReference(replacement, index, groupCount, groupNames);
      parts.push(reference.group);
      index = reference.end;
    } else {
      text += character;
    }
  }
  return [...parts, text].filter((part) => part !== '');
}

function parseReference(
  replacement: string,
  start: number,
  groupCount: number,
  groupNames: ReadonlyMap<string, number>,
): { group: number; end: number } {
  if (start === replacement.length) {
    throw new IllegalArgumentError('Illegal group reference: group index is missing');
  }
  if (replacement[start] === '{') {
    return parseNamedReference(replacement, start + 1, groupNames);
  }
  if (!isDigit(replacement[start])) {
    throw new IllegalArgumentError('Illegal group reference');
  }
  let group = Number(replacement[start]);
  if (group > groupCount) {
    throw new IndexOutOfBoundsError(`No group ${group}`);
  }
  let end = start + 1;
  while (isDigit(replacement[end]) && group * 10 + Number(replacement[end]) <= groupCount) {
    group = group * 10 + Number(replacement[end]);
    end++;
  }
  return { group, end };
}

function parseNamedReference(
  replacement: string,
  start: number,
  groupNames: ReadonlyMap<string, number>,
): { group: number; end: number } {
  const name = /^[a-zA-Z0-9]*/.exec(replacement.slice(start))![0];
  const end = start + name.length;
  if (name === '') {
    throw new IllegalArgumentError('named capturing group has 0 length name');
  }
  if (replacement[end] !== '}') {
    throw new IllegalArgumentError("named capturing group is missing trailing '}'");
  }
  if (isDigit(name[0])) {
    throw new IllegalArgumentError(`capturing group name {${name}} starts with digit character`);
  }
  const group = groupNames.get(name);
  if (group === undefined) {
    throw new IllegalArgumentError(`No group with name {${name}}`);
  }
  return { group, end: end + 1 };
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}
