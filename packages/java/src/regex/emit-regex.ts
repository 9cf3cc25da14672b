import { isNullable, type RegexNode, type RepeatNode } from './node.ts';

export interface EmittedRegex {
  /** For a RegExp with the flag `v`. */
  readonly source: string;
  /** The number of each group in JavaScript by its number in Java; atomic groups take numbers of their own. */
  readonly groups: readonly number[];
}

/** Writes a pattern as a JavaScript expression, which is told everything by itself and needs no flag but `v`. */
export function emitRegex(root: RegexNode): EmittedRegex {
  const emitter = new Emitter();
  const source = emitter.emit(root);
  return { source, groups: emitter.groups };
}

class Emitter {
  readonly groups: number[] = [0];
  #lastGroup = 0;

  emit(node: RegexNode): string {
    switch (node.type) {
      case 'empty':
        return '';
      case 'character':
        return node.ignoreCase ? `(?i:${node.set.source})` : withoutBrackets(node.set.source);
      case 'sequence':
        return node.items
          .map((item) => (item.type === 'alternation' ? `(?:${this.emit(item)})` : this.emit(item)))
          .join('');
      case 'alternation':
        return node.branches.map((branch) => this.emit(branch)).join('|');
      case 'capture':
        this.#lastGroup++;
        this.groups[node.index] = this.#lastGroup;
        return `(${this.emit(node.body)})`;
      case 'atomic':
        return this.#atomic(() => this.emit(node.body));
      case 'look':
        return `(?${node.behind ? '<' : ''}${node.negative ? '!' : '='}${this.emit(node.body)})`;
      case 'repeat':
        return node.mode === 'possessive' ? this.#atomic(() => this.#repeat(node)) : this.#repeat(node);
      case 'backreference':
        return `(?:\\${this.groups[node.index]})`;
      case 'assertion':
        return node.source;
    }
  }

  #repeat(node: RepeatNode): string {
    if (node.min === 0 && node.max === 1 && isNullable(node.body)) {
      // JavaScript does not take an optional part that matches nothing, and Java does.
      return node.mode === 'lazy' ? `(?:|${this.emit(node.body)})` : `(?:${this.emit(node.body)}|)`;
    }
    return `(?:${this.emit(node.body)})${quantifier(node.min, node.max)}${node.mode === 'lazy' ? '?' : ''}`;
  }

  /** A look-ahead is not entered again: what it captured is what the reference then matches. */
  #atomic(emitBody: () => string): string {
    this.#lastGroup++;
    const group = this.#lastGroup;
    return `(?:(?=(${emitBody()}))\\${group})`;
  }
}

/** A class of one character is written as this character. */
function withoutBrackets(source: string): string {
  return /^\[(?:[0-9a-zA-Z]|\\u\{[0-9a-f]+\})\]$/.test(source) ? source.slice(1, -1) : source;
}

function quantifier(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) {
    return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  }
  return min === 0 && max === 1 ? '?' : `{${min},${max}}`;
}
