import type { Subject } from '../engine/subject.ts';
import { blueprints } from './blueprints.ts';
import { changes } from './changes.ts';
import { contracts } from './contracts.ts';
import { couriers } from './couriers.ts';
import { items } from './items.ts';
import { marketGroups } from './market-groups.ts';
import { prices } from './prices.ts';
import { regions } from './regions.ts';
import { rolls } from './rolls.ts';
import { runs } from './runs.ts';
import { ships } from './ships.ts';
import { types } from './types.ts';

/** All subjects; contracts come first. */
export const subjects: readonly Subject[] = [
  contracts,
  items,
  ships,
  blueprints,
  couriers,
  prices,
  rolls,
  changes,
  types,
  marketGroups,
  regions,
  runs,
];
