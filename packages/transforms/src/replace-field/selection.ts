import type { FieldTree } from '../fields/field-tree.ts';

/** What becomes of the fields at one level; worked out once, so that a record only looks names up. */
export interface Selection {
  /** By the names that the configuration mentions; `null` takes a field out. */
  readonly choices: ReadonlyMap<string, Choice | null>;
  /** Whether fields stay that it does not mention. */
  readonly keepsOthers: boolean;
}

export interface Choice {
  readonly name: string;
  /** What becomes of the fields inside; `undefined` when nothing does. */
  readonly inside: Selection | undefined;
  /** A path that goes through the field, for messages. */
  readonly path: string;
}

/** The trees of the configuration; `undefined` stands for: nothing is excluded, everything included, nothing renamed. */
export interface SelectionTrees {
  readonly exclude: FieldTree<true> | undefined;
  readonly include: FieldTree<true> | undefined;
  readonly renames: FieldTree<string> | undefined;
}

export function selectionOf(trees: SelectionTrees): Selection {
  const { exclude, include, renames } = trees;
  const names = new Set([exclude, include, renames].flatMap((tree) => [...(tree?.children.keys() ?? [])]));
  return {
    choices: new Map([...names].map((name) => [name, choose(name, trees)])),
    keepsOthers: include === undefined,
  };
}

/** What becomes of the field of that name; `undefined` when it stays as it is. */
export function choiceFor(name: string, { choices, keepsOthers }: Selection): Choice | null | undefined {
  const choice = choices.get(name);
  return choice === undefined && !keepsOthers ? null : choice;
}

function choose(name: string, { exclude, include, renames }: SelectionTrees): Choice | null {
  const excluded = exclude?.children.get(name);
  const included = include?.children.get(name);
  if (excluded?.leaf !== undefined || (include !== undefined && included === undefined)) return null;
  const renamed = renames?.children.get(name);
  const inside = {
    exclude: below(excluded),
    include: included?.leaf === undefined ? below(included) : undefined,
    renames: below(renamed),
  };
  const [next] = (inside.exclude ?? inside.include ?? inside.renames)?.children.values() ?? [];
  return {
    name: renamed?.leaf ?? name,
    inside: next === undefined ? undefined : selectionOf(inside),
    path: next?.path ?? name,
  };
}

function below<T>(tree: FieldTree<T> | undefined): FieldTree<T> | undefined {
  return tree === undefined || tree.children.size === 0 ? undefined : tree;
}
