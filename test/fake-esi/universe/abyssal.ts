import type { TypeFact } from './facts.ts';

/** Modules that a mutaplasmid made; they have no market group. */
export const abyssalModules: readonly TypeFact[] = [
  [47740, '5MN Abyssal Microwarpdrive', 46, null, 10],
  [47408, '50MN Abyssal Microwarpdrive', 46, null, 10],
  [47745, '500MN Abyssal Microwarpdrive', 46, null, 10],
  [47753, '10MN Abyssal Afterburner', 46, null, 5],
  [47702, 'Abyssal Stasis Webifier', 65, null, 5],
  [47732, 'Abyssal Warp Scrambler', 52, null, 5],
  [47736, 'Abyssal Warp Disruptor', 52, null, 5],
  [47773, 'Medium Abyssal Armor Repairer', 62, null, 10],
  [47789, 'Large Abyssal Shield Booster', 40, null, 25],
  [47793, 'X-Large Abyssal Shield Booster', 40, null, 50],
  [47808, 'Large Abyssal Shield Extender', 38, null, 20],
  [47832, 'Heavy Abyssal Energy Neutralizer', 71, null, 50],
  [52227, 'Abyssal Damage Control', 60, null, 5],
  [49726, 'Abyssal Heat Sink', 205, null, 1],
  [49722, 'Abyssal Magnetic Field Stabilizer', 302, null, 1],
  [49730, 'Abyssal Gyrostabilizer', 59, null, 1],
  [49738, 'Abyssal Ballistic Control System', 367, null, 1],
];

/** The mutaplasmids that make them. */
export const mutaplasmids: readonly TypeFact[] = [
  [47738, 'Unstable 5MN Microwarpdrive Mutaplasmid', 1964, 2450, 1],
  [47741, 'Gravid 50MN Microwarpdrive Mutaplasmid', 1964, 2451, 1],
  [47299, 'Decayed 500MN Microwarpdrive Mutaplasmid', 1964, 2452, 1],
  [47751, 'Unstable 10MN Afterburner Mutaplasmid', 1964, 2451, 1],
  [47701, 'Gravid Stasis Webifier Mutaplasmid', 1964, 2442, 1],
  [47730, 'Unstable Warp Scrambler Mutaplasmid', 1964, 2441, 1],
  [47733, 'Decayed Warp Disruptor Mutaplasmid', 1964, 2441, 1],
  [47771, 'Unstable Medium Armor Repairer Mutaplasmid', 1964, 2444, 1],
  [47787, 'Unstable Large Shield Booster Mutaplasmid', 1964, 2448, 1],
  [47791, 'Unstable X-Large Shield Booster Mutaplasmid', 1964, 2449, 1],
  [47807, 'Gravid Large Shield Extender Mutaplasmid', 1964, 2448, 1],
  [47830, 'Unstable Heavy Energy Neutralizer Mutaplasmid', 1964, 2455, 1],
  [52224, 'Decayed Damage Control Mutaplasmid', 1964, 2533, 1],
  [49729, 'Unstable Heat Sink Mutaplasmid', 1964, 2514, 1],
  [49725, 'Unstable Magnetic Field Stabilizer Mutaplasmid', 1964, 2513, 1],
  [49733, 'Unstable Gyrostabilizer Mutaplasmid', 1964, 2515, 1],
  [49741, 'Unstable Ballistic Control System Mutaplasmid', 1964, 2517, 1],
];

/** A mutated type, the type it was made from, and the mutaplasmid. */
export const mutations: readonly (readonly [mutatedTypeId: number, sourceTypeId: number, mutatorTypeId: number])[] = [
  [47740, 440, 47738],
  [47408, 12076, 47741],
  [47745, 12084, 47299],
  [47753, 12058, 47751],
  [47702, 527, 47701],
  [47732, 448, 47730],
  [47736, 3244, 47733],
  [47773, 3530, 47771],
  [47789, 10858, 47787],
  [47793, 10842, 47791],
  [47808, 3841, 47807],
  [47832, 12271, 47830],
  [52227, 2048, 52224],
  [49726, 15810, 49729],
  [49722, 15895, 49725],
  [49730, 15806, 49733],
  [49738, 15681, 49741],
];
