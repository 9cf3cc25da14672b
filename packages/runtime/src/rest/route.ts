import type { RestRequest } from './rest-request.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RestAnswer {
  readonly status: number;
  /** Left out: there is none. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: Method;
  /** `{name}` takes any text without a slash, `{name:int}` a number that is not negative. */
  readonly path: string;
  readonly handle: (request: RestRequest) => Promise<RestAnswer>;
  /** Whether the request has a body that is read. */
  readonly takesBody?: boolean;
}

export interface RouteMatch {
  /** By method; empty where the path does not exist. */
  readonly methods: ReadonlyMap<Method, Route>;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds what a path stands for. A slash at the end makes no difference. */
export class Router {
  readonly #paths = new Map<string, { readonly parts: readonly string[]; readonly methods: Map<Method, Route> }>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const entry = this.#paths.get(route.path) ?? { parts: segments(route.path), methods: new Map() };
      entry.methods.set(route.method, route);
      this.#paths.set(route.path, entry);
    }
  }

  /** @param path not decoded. @throws URIError for an escape that is none. */
  match(path: string): RouteMatch {
    const given = segments(path);
    for (const { parts, methods } of this.#paths.values()) {
      const parameters = matchSegments(parts, given);
      if (parameters !== undefined) return { methods, parameters };
    }
    return { methods: new Map(), parameters: {} };
  }
}

function segments(path: string): readonly string[] {
  const inner = path.slice(1);
  return (inner.endsWith('/') ? inner.slice(0, -1) : inner).split('/');
}

function matchSegments(
  parts: readonly string[],
  given: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (parts.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const text = given[index] ?? '';
    if (!part.startsWith('{')) {
      if (part !== text) return undefined;
      continue;
    }
    const [name = '', type] = part.slice(1, -1).split(':');
    const value = decodeURIComponent(text);
    if (value === '' || (type === 'int' && !/^\d{1,9}$/.test(value))) return undefined;
    parameters[name] = value;
  }
  return parameters;
}
