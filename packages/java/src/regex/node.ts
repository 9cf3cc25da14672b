import type { CharSet } from './char-set.ts';

export type RegexNode =
  | { readonly type: 'empty' }
  /** One character; with `ignoreCase` all of Unicode's case pairs count. */
  | { readonly type: 'character'; readonly set: CharSet; readonly ignoreCase: boolean }
  | { readonly type: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly type: 'alternation'; readonly branches: readonly RegexNode[] }
  | { readonly type: 'capture'; readonly index: number; readonly body: RegexNode }
  | { readonly type: 'atomic'; readonly body: RegexNode; readonly position: number }
  | {
      readonly type: 'look';
      readonly behind: boolean;
      readonly negative: boolean;
      readonly body: RegexNode;
      readonly position: number;
    }
  | RepeatNode
  | { readonly type: 'backreference'; readonly index: number; readonly position: number }
  /** Source of JavaScript that matches no character. */
  | { readonly type: 'assertion'; readonly source: string };

export interface RepeatNode {
  readonly type: 'repeat';
  readonly body: RegexNode;
  readonly min: number;
  readonly max: number;
  readonly mode: 'greedy' | 'lazy' | 'possessive';
  readonly position: number;
}

export interface ParsedRegex {
  readonly root: RegexNode;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
}

export function childrenOf(node: RegexNode): readonly RegexNode[] {
  switch (node.type) {
    case 'sequence':
      return node.items;
    case 'alternation':
      return node.branches;
    case 'capture':
    case 'atomic':
    case 'look':
    case 'repeat':
      return [node.body];
    default:
      return [];
  }
}

/** Whether a node can match the empty text. */
export function isNullable(node: RegexNode): boolean {
  switch (node.type) {
    case 'character':
      return false;
    case 'sequence':
      return node.items.every(isNullable);
    case 'alternation':
      return node.branches.some(isNullable);
    case 'capture':
    case 'atomic':
      return isNullable(node.body);
    case 'repeat':
      return node.min === 0 || isNullable(node.body);
    default:
      return true;
  }
}

/** The most characters that a node matches; a back reference counts as unlimited. */
export function longestMatch(node: RegexNode): number {
  switch (node.type) {
    case 'character':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + longestMatch(item), 0);
    case 'alternation':
      return Math.max(...node.branches.map(longestMatch));
    case 'capture':
    case 'atomic':
      return longestMatch(node.body);
    case 'repeat': {
      const body = longestMatch(node.body);
      return body === 0 ? 0 : body * node.max;
    }
    case 'backreference':
      return Number.POSITIVE_INFINITY;
    default:
      return 0;
  }
}
