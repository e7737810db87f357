import { type AddonRoute, HTTP_LIMITS } from '../../shared/addon-http';

/** A route that a path leads to, with the values of its parameters, decoded. */
export interface FoundRoute {
  readonly route: AddonRoute;
  readonly params: Readonly<Record<string, string>>;
}

/** The routes of one add-on. */
export interface RouteTable {
  /** One that is there already with the same method and path is replaced. Beyond the limit it is ignored. */
  add(route: AddonRoute): void;
  remove(key: number): void;
  list(): readonly AddonRoute[];
  /**
   * @param path below `/addons/ID`, as asked for
   * @returns the route; else the methods that the path has, none where there is nothing
   */
  find(method: string, path: string): FoundRoute | readonly string[];
  /** Removes all of them, and takes no more. */
  close(): void;
}

export function createRouteTable(): RouteTable {
  const routes = new Map<number, AddonRoute>();
  let closed = false;
  return {
    add(route) {
      if (closed) return;
      for (const [key, other] of routes)
        if (other.method === route.method && other.path === route.path) routes.delete(key);
      if (routes.size < HTTP_LIMITS.routes) routes.set(route.key, route);
    },
    remove: (key) => void routes.delete(key),
    list: () => [...routes.values()],
    find(method, path) {
      const parts = partsOf(path);
      const matching = [...routes.values()].flatMap((route) => {
        const params = match(partsOf(route.path), parts);
        return params ? [{ route, params }] : [];
      });
      // Words win over parameters.
      matching.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length);
      const wanted = method === 'HEAD' ? 'GET' : method;
      return (
        matching.find(({ route }) => route.method === wanted) ?? [...new Set(matching.map(({ route }) => route.method))]
      );
    },
    close() {
      closed = true;
      routes.clear();
    },
  };
}

const partsOf = (path: string): string[] => path.split('/').slice(1);

function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index]!;
    if (!expected.startsWith(':')) {
      if (expected !== part) return null;
      continue;
    }
    if (part === '') return null;
    try {
      params[expected.slice(1)] = decodeURIComponent(part);
    } catch {
      return null;
    }
  }
  return params;
}
