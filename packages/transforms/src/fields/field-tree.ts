import type { FieldPath } from './field-path.ts';

/** Field paths put together by the names that they share, so that a struct is walked through once for all of them. */
export interface FieldTree<T> {
  /** The path from the root to here, for messages; empty at the root. */
  readonly path: string;
  /** What the paths that end here stand for; the last one counts. */
  readonly leaf: T | undefined;
  /** By field name, in the order of the paths. */
  readonly children: ReadonlyMap<string, FieldTree<T>>;
}

interface GrowingTree<T> extends FieldTree<T> {
  leaf: T | undefined;
  readonly children: Map<string, GrowingTree<T>>;
}

/** Where one path ends on the way of another (`a` and `a.b`), what stands for the shorter one counts. */
export function fieldTree<T>(paths: Iterable<readonly [FieldPath, T]>): FieldTree<T> {
  const root: GrowingTree<T> = { path: '', leaf: undefined, children: new Map() };
  for (const [{ steps }, leaf] of paths) {
    let node = root;
    for (const step of steps) {
      let child = node.children.get(step);
      if (child === undefined) {
        const path = node.path === '' ? step : `${node.path}.${step}`;
        child = { path, leaf: undefined, children: new Map() };
        node.children.set(step, child);
      }
      node = child;
    }
    node.leaf = leaf;
  }
  return root;
}
