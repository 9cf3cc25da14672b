import { RegexUnsupportedError } from '../errors.ts';
import { childrenOf, longestMatch, type ParsedRegex, type RegexNode } from './node.ts';

/**
 * Groups keep their text differently: JavaScript clears a group when a repetition around it starts over, and lets a
 * back reference to a group without text match; Java does neither. Patterns where this could show are refused, and
 * the groups for which it could show in a replacement are returned.
 */
export function checkGroups({ root }: ParsedRegex, pattern: string): ReadonlySet<number> {
  const uncertain = new Set<number>();
  collectUncertain(root, uncertain);
  checkReferences(root, new Set(), pattern);
  checkLooks(root, pattern);
  return uncertain;
}

/** Groups that a repetition can leave out in a later round, and those in look-arounds that must fail. */
function collectUncertain(node: RegexNode, uncertain: Set<number>): void {
  for (const child of childrenOf(node)) {
    if (node.type === 'look' && node.negative) {
      addOptionalGroups(child, true, uncertain);
    } else if (node.type === 'repeat' && node.max > 1) {
      addOptionalGroups(child, false, uncertain);
    }
    collectUncertain(child, uncertain);
  }
}

function addOptionalGroups(node: RegexNode, optional: boolean, uncertain: Set<number>): void {
  if (node.type === 'capture' && optional) {
    uncertain.add(node.index);
  }
  const isOptional = optional || node.type === 'alternation' || (node.type === 'repeat' && node.min === 0);
  for (const child of childrenOf(node)) {
    addOptionalGroups(child, isOptional, uncertain);
  }
}

/** Walks in the order of matching; returns the groups that have a text once the node has matched. */
function checkReferences(node: RegexNode, certain: ReadonlySet<number>, pattern: string): ReadonlySet<number> {
  switch (node.type) {
    case 'backreference':
      if (!certain.has(node.index)) {
        throw new RegexUnsupportedError(
          `A back reference to group ${node.index}, which may have matched nothing there, is not supported ` +
            `(at index ${node.position} of ${pattern})`,
          node.position,
        );
      }
      return certain;
    case 'sequence':
      return node.items.reduce((groups, item) => checkReferences(item, groups, pattern), certain);
    case 'alternation': {
      const outcomes = node.branches.map((branch) => checkReferences(branch, certain, pattern));
      return new Set([...outcomes[0]!].filter((group) => outcomes.every((groups) => groups.has(group))));
    }
    case 'capture':
      return new Set([...checkReferences(node.body, certain, pattern), node.index]);
    case 'repeat': {
      const after = checkReferences(node.body, certain, pattern);
      return node.min === 0 ? certain : after;
    }
    case 'look': {
      const after = checkReferences(node.body, certain, pattern);
      return node.negative ? certain : after;
    }
    case 'atomic':
      return checkReferences(node.body, certain, pattern);
    default:
      return certain;
  }
}

/** JavaScript matches look-behinds backwards, which shows in groups and atomic parts. */
function checkLooks(node: RegexNode, pattern: string, behind?: number): void {
  if (behind !== undefined && (node.type === 'capture' || isAtomic(node))) {
    throw new RegexUnsupportedError(
      `Capturing, atomic and possessive groups in a look-behind are not supported (at index ${behind} of ${pattern})`,
      behind,
    );
  }
  if (node.type === 'look' && node.behind && !Number.isFinite(longestMatch(node.body))) {
    throw new RegexUnsupportedError(
      `Look-behind group does not have an obvious maximum length (at index ${node.position} of ${pattern})`,
      node.position,
    );
  }
  for (const child of childrenOf(node)) {
    checkLooks(child, pattern, node.type === 'look' && node.behind ? node.position : behind);
  }
}

function isAtomic(node: RegexNode): boolean {
  return node.type === 'atomic' || (node.type === 'repeat' && node.mode === 'possessive');
}
