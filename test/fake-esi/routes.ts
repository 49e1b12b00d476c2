import type { RouteName } from './types.ts';

/** The target of a request, from its path and query. */
export interface Target {
  route: RouteName;
  /** Ids in the path, in their order; not necessarily numbers that exist. */
  ids: number[];
  /** 1 unless asked for; NaN if it is not a number. */
  page: number;
}

const patterns: readonly (readonly [route: RouteName, method: 'GET' | 'POST', path: RegExp])[] = [
  ['items', 'GET', /^\/contracts\/public\/items\/([^/]+)$/],
  ['bids', 'GET', /^\/contracts\/public\/bids\/([^/]+)$/],
  ['list', 'GET', /^\/contracts\/public\/([^/]+)$/],
  ['type', 'GET', /^\/universe\/types\/([^/]+)$/],
  ['group', 'GET', /^\/universe\/groups\/([^/]+)$/],
  ['groups', 'GET', /^\/universe\/groups$/],
  ['category', 'GET', /^\/universe\/categories\/([^/]+)$/],
  ['categories', 'GET', /^\/universe\/categories$/],
  ['marketPrices', 'GET', /^\/markets\/prices$/],
  ['marketGroup', 'GET', /^\/markets\/groups\/([^/]+)$/],
  ['marketGroups', 'GET', /^\/markets\/groups$/],
  ['region', 'GET', /^\/universe\/regions\/([^/]+)$/],
  ['regions', 'GET', /^\/universe\/regions$/],
  ['constellation', 'GET', /^\/universe\/constellations\/([^/]+)$/],
  ['system', 'GET', /^\/universe\/systems\/([^/]+)$/],
  ['station', 'GET', /^\/universe\/stations\/([^/]+)$/],
  ['names', 'POST', /^\/universe\/names$/],
  ['dynamicItem', 'GET', /^\/dogma\/dynamic\/items\/([^/]+)\/([^/]+)$/],
  ['status', 'GET', /^\/status$/],
  ['compatibilityDates', 'GET', /^\/meta\/compatibility-dates$/],
];

/** Finds the route of a request. HEAD is GET; a slash at the end makes no difference. */
export function findTarget(method: string, pathWithQuery: string): Target {
  const [path = '', query = ''] = pathWithQuery.split('?', 2);
  const plainPath = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const plainMethod = method === 'HEAD' ? 'GET' : method;
  const page = query === '' ? '1' : (new URLSearchParams(query).get('page') ?? '1');
  for (const [route, routeMethod, pattern] of patterns) {
    const match = routeMethod === plainMethod ? pattern.exec(plainPath) : null;
    if (match !== null) {
      return { route, ids: match.slice(1).map(toInteger), page: toInteger(page) };
    }
  }
  return { route: 'unknown', ids: [], page: 1 };
}

function toInteger(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}
