/** Start of high security: the game rounds 0.45 to 0.5. */
export const highSecurity = 0.45;

/** The route between two systems by stargates. */
export interface Route {
  readonly start_system_id: number;
  readonly end_system_id: number;
  /** Jumps on the shortest route; null without a route, as into wormholes. */
  readonly jumps: number | null;
  /** Jumps on the shortest route through high security only, both ends included; null without one. */
  readonly jumps_secure: number | null;
  /**
   * Lowest security on the shortest route, ends included, from -1 to 1. Of several shortest routes, the one with the
   * highest counts.
   */
  readonly lowest_security: number | null;
}

interface Reached {
  readonly jumps: number;
  readonly lowest: number;
}

/** The game's systems and the stargates between them. */
export class StarMap {
  readonly #security: ReadonlyMap<number, number>;
  readonly #neighbours = new Map<number, number[]>();

  /**
   * @param security of each system
   * @param gates by system, one for each direction
   */
  constructor(security: ReadonlyMap<number, number>, gates: Iterable<readonly [from: number, to: number]>) {
    this.#security = security;
    for (const [from, to] of gates) {
      const known = this.#neighbours.get(from);
      if (known === undefined) this.#neighbours.set(from, [to]);
      else known.push(to);
    }
  }

  /** The routes from a system to others. */
  routes(start: number, ends: readonly number[]): Route[] {
    const all = this.#reach(start, Number.NEGATIVE_INFINITY);
    const secure = this.#reach(start, highSecurity);
    return ends.map((end) => {
      const shortest = all.get(end);
      return {
        start_system_id: start,
        end_system_id: end,
        jumps: shortest?.jumps ?? null,
        jumps_secure: secure.get(end)?.jumps ?? null,
        lowest_security: shortest?.lowest ?? null,
      };
    });
  }

  /**
   * The distance of all systems in jumps, through systems of at least the given security; breadth-first, so that the
   * first route is the shortest.
   */
  #reach(start: number, lowestAllowed: number): Map<number, Reached> {
    const securityOf = (system: number) => this.#security.get(system) ?? Number.NEGATIVE_INFINITY;
    const reached = new Map<number, Reached>();
    if (!this.#security.has(start) || securityOf(start) < lowestAllowed) return reached;
    reached.set(start, { jumps: 0, lowest: securityOf(start) });
    let edge = [start];
    for (let jumps = 1; edge.length > 0; jumps += 1) {
      const next = new Map<number, number>();
      for (const system of edge) {
        const lowestSoFar = reached.get(system)?.lowest ?? Number.NEGATIVE_INFINITY;
        for (const neighbour of this.#neighbours.get(system) ?? []) {
          if (reached.has(neighbour) || !this.#security.has(neighbour)) continue;
          if (securityOf(neighbour) < lowestAllowed) continue;
          const lowest = Math.min(lowestSoFar, securityOf(neighbour));
          next.set(neighbour, Math.max(lowest, next.get(neighbour) ?? Number.NEGATIVE_INFINITY));
        }
      }
      for (const [system, lowest] of next) reached.set(system, { jumps, lowest });
      edge = [...next.keys()];
    }
    return reached;
  }
}
