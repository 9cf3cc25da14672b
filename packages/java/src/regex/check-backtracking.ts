import { RegexUnsupportedError } from '../errors.ts';
import { childrenOf, isNullable, type RegexNode, type RepeatNode } from './node.ts';
import { Sampler } from './sampler.ts';

/** Repetitions of up to so many rounds are taken for harmless. */
const fewRounds = 3;
const mostPositions = 120;

/**
 * Refuses repetitions that can read one text in a number of ways that doubles with its length, such as `(a+)+` or
 * `(a|a)*`: on a text that does not match they would keep the thread for years, and nothing can interrupt V8's
 * engine. The test is that of automata theory: a state is reached again by two different paths that read the same.
 */
export function checkBacktracking(root: RegexNode, pattern: string): void {
  const sampler = new Sampler(pattern);
  checkNode(root, pattern, sampler, false);
}

function checkNode(node: RegexNode, pattern: string, sampler: Sampler, checked: boolean): void {
  let isChecked = checked;
  if (node.type === 'repeat' && node.max > 1 && isNullable(node.body)) {
    // Also of another meaning: an empty round ends the repetition in Java, and is not taken in JavaScript.
    throw refusal(node, pattern, 'repeats something that can be empty');
  }
  if (node.type === 'repeat' && node.max > fewRounds) {
    if (!checked && containsChoice(node.body)) {
      checkLoop(node, pattern, sampler);
      isChecked = true;
    }
  }
  // What an atomic part does inside is not visible around it, and the other way round.
  const startsOver = node.type === 'atomic' || node.type === 'look' || isPossessive(node);
  for (const child of childrenOf(node)) {
    checkNode(child, pattern, sampler, isChecked && !startsOver);
  }
}

function checkLoop(loop: RepeatNode, pattern: string, sampler: Sampler): void {
  const automaton = new Automaton(sampler);
  automaton.build(loop);
  if (automaton.size > mostPositions) {
    throw refusal(loop, pattern, `repeats something with more than ${mostPositions} characters to choose from`);
  }
  if (automaton.isAmbiguous()) {
    throw refusal(loop, pattern, 'can read the same text in too many ways, like (a+)+');
  }
}

function refusal(node: RepeatNode, pattern: string, why: string): RegexUnsupportedError {
  return new RegexUnsupportedError(
    `The repetition of the part at index ${node.position} of ${pattern} ${why}: it could block the worker. ` +
      'Write it without nested repetition, or make the inner part possessive (a++).',
    node.position,
  );
}

function containsChoice(node: RegexNode): boolean {
  return node.type === 'alternation' || node.type === 'repeat' || childrenOf(node).some(containsChoice);
}

function isPossessive(node: RegexNode): boolean {
  return node.type === 'repeat' && node.mode === 'possessive';
}

interface Fragment {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

const nothing: Fragment = { first: [], last: [], nullable: true };

/** An automaton with one state per character of the expression (Glushkov's construction). */
class Automaton {
  readonly #sampler: Sampler;
  readonly #samples: bigint[] = [];
  readonly #follow: Set<number>[] = [];
  /** Steps from one state to another that can be taken in two ways, as in `(a+)+`. */
  readonly #doubleSteps: [from: number, to: number][] = [];

  constructor(sampler: Sampler) {
    this.#sampler = sampler;
  }

  get size(): number {
    return this.#samples.length;
  }

  build(node: RegexNode): Fragment {
    switch (node.type) {
      case 'character':
        return this.#state(this.#sampler.sample(node.set.source, node.ignoreCase));
      case 'backreference':
        return this.#state(this.#sampler.everything);
      case 'sequence':
        return node.items.map((item) => this.build(item)).reduce((left, right) => this.#join(left, right), nothing);
      case 'alternation':
        return union(node.branches.map((branch) => this.build(branch)));
      case 'capture':
        return this.build(node.body);
      case 'atomic':
        return this.#opaque(node.body);
      case 'repeat':
        return node.mode === 'possessive' ? this.#opaque(node.body) : this.#repeat(node);
      default:
        return nothing;
    }
  }

  /** Whether two different paths from a state to itself read the same text. */
  isAmbiguous(): boolean {
    if (this.#doubleSteps.some(([from, to]) => this.#reaches(to, from))) {
      return true;
    }
    const reachable = new Map<number, number[]>();
    const pending: number[] = [];
    const visit = (pair: number) => {
      if (!reachable.has(pair)) {
        reachable.set(pair, this.#successors(pair));
        pending.push(pair);
      }
    };
    for (let state = 0; state < this.size; state++) {
      visit(this.#pair(state, state));
    }
    for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
      for (const successor of reachable.get(pair)!) {
        visit(successor);
      }
    }
    return stronglyConnected(reachable).some(
      (component) =>
        component.some((pair) => this.#isDiagonal(pair)) && component.some((pair) => !this.#isDiagonal(pair)),
    );
  }

  #reaches(from: number, to: number): boolean {
    const seen = new Set([from]);
    for (const state of seen) {
      for (const next of this.#follow[state]!) {
        seen.add(next);
      }
    }
    return seen.has(to);
  }

  #pair(left: number, right: number): number {
    return Math.min(left, right) * this.size + Math.max(left, right);
  }

  #isDiagonal(pair: number): boolean {
    return pair % (this.size + 1) === 0;
  }

  #successors(pair: number): number[] {
    const successors = new Set<number>();
    for (const left of this.#follow[Math.floor(pair / this.size)]!) {
      for (const right of this.#follow[pair % this.size]!) {
        if ((this.#samples[left]! & this.#samples[right]!) !== 0n) {
          successors.add(this.#pair(left, right));
        }
      }
    }
    return [...successors];
  }

  #state(sample: bigint): Fragment {
    const state = this.#samples.push(sample) - 1;
    this.#follow.push(new Set());
    return { first: [state], last: [state], nullable: false };
  }

  /** What is matched in one way only counts as one character that could be any of those inside. */
  #opaque(body: RegexNode): Fragment {
    return { ...this.#state(this.#sampleOf(body)), nullable: isNullable(body) };
  }

  #sampleOf(node: RegexNode): bigint {
    if (node.type === 'character') {
      return this.#sampler.sample(node.set.source, node.ignoreCase);
    }
    if (node.type === 'backreference') {
      return this.#sampler.everything;
    }
    return childrenOf(node).reduce((sample, child) => sample | this.#sampleOf(child), 0n);
  }

  #repeat(node: RepeatNode): Fragment {
    const body = this.build(node.body);
    if (node.max > fewRounds) {
      this.#connect(body.last, body.first);
    }
    return { ...body, nullable: body.nullable || node.min === 0 };
  }

  #join(left: Fragment, right: Fragment): Fragment {
    this.#connect(left.last, right.first);
    return {
      first: left.nullable ? [...left.first, ...right.first] : left.first,
      last: right.nullable ? [...left.last, ...right.last] : right.last,
      nullable: left.nullable && right.nullable,
    };
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const state of from) {
      for (const next of to) {
        if (this.#follow[state]!.has(next)) {
          this.#doubleSteps.push([state, next]);
        }
        this.#follow[state]!.add(next);
      }
    }
  }
}

function union(fragments: readonly Fragment[]): Fragment {
  return {
    first: fragments.flatMap((fragment) => fragment.first),
    last: fragments.flatMap((fragment) => fragment.last),
    nullable: fragments.some((fragment) => fragment.nullable),
  };
}

/** Strongly connected components, by Tarjan's algorithm with an explicit stack. */
function stronglyConnected(graph: ReadonlyMap<number, readonly number[]>): number[][] {
  const components: number[][] = [];
  const order = new Map<number, number>();
  const lowest = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  for (const root of graph.keys()) {
    if (order.has(root)) {
      continue;
    }
    const work: { node: number; edge: number }[] = [{ node: root, edge: 0 }];
    while (work.length > 0) {
      const frame = work.at(-1)!;
      const { node } = frame;
      if (frame.edge === 0) {
        order.set(node, order.size);
        lowest.set(node, order.get(node)!);
        open.push(node);
        isOpen.add(node);
      }
      const successor = graph.get(node)![frame.edge];
      if (successor !== undefined) {
        frame.edge++;
        if (!order.has(successor)) {
          work.push({ node: successor, edge: 0 });
        } else if (isOpen.has(successor)) {
          lowest.set(node, Math.min(lowest.get(node)!, order.get(successor)!));
        }
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.node;
      if (parent !== undefined) {
        lowest.set(parent, Math.min(lowest.get(parent)!, lowest.get(node)!));
      }
      if (lowest.get(node) === order.get(node)) {
        const component = open.splice(open.indexOf(node));
        for (const member of component) {
          isOpen.delete(member);
        }
        components.push(component);
      }
    }
  }
  return components;
}
