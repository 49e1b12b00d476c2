import type { Clock, RouteName } from './types.ts';

/** Tokens that an answer costs on the routes with a rate limit. */
const tokenCosts = (status: number): number =>
  status === 429 || status >= 500 ? 0 : status >= 400 ? 5 : status >= 300 ? 1 : 2;
const rateWindow = 15 * 60_000;
const rateGroups: Partial<Record<RouteName, { group: string; tokens: number }>> = {
  status: { group: 'status', tokens: 600 },
  compatibilityDates: { group: 'meta', tokens: 150 },
};

/** The limits of the newer routes, a budget of tokens for each group. */
export interface RateLimits {
  covers(route: RouteName): boolean;
  /** Seconds to wait if the budget of the route is spent. */
  secondsToWait(route: RouteName): number | undefined;
  /** Takes what the answer costs and says what is left. */
  charge(route: RouteName, status: number): Record<string, string>;
}

/** Keeps the budgets; a spent token returns after 15 minutes. */
export function createRateLimits(clock: Clock): RateLimits {
  const spent = new Map<string, { at: number; tokens: number }[]>();

  const usage = (group: string): { at: number; tokens: number }[] => {
    const since = clock.now().getTime() - rateWindow;
    const recent = (spent.get(group) ?? []).filter(({ at }) => at > since);
    spent.set(group, recent);
    return recent;
  };
  const used = (group: string) => usage(group).reduce((sum, { tokens }) => sum + tokens, 0);

  return {
    covers: (route) => rateGroups[route] !== undefined,
    secondsToWait(route) {
      const budget = rateGroups[route];
      if (budget === undefined || used(budget.group) < budget.tokens) {
        return undefined;
      }
      const oldest = usage(budget.group)[0]?.at ?? 0;
      return Math.ceil((oldest + rateWindow - clock.now().getTime()) / 1000);
    },
    charge(route, status) {
      const budget = rateGroups[route];
      if (budget === undefined) {
        return {};
      }
      usage(budget.group).push({ at: clock.now().getTime(), tokens: tokenCosts(status) });
      const tokens = used(budget.group);
      return {
        'X-Ratelimit-Group': budget.group,
        'X-Ratelimit-Limit': `${budget.tokens}/15m`,
        'X-Ratelimit-Remaining': String(Math.max(budget.tokens - tokens, 0)),
        'X-Ratelimit-Used': String(tokens),
      };
    },
  };
}
