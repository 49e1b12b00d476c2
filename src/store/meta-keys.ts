/** In `meta`: contracts that went before this instant may have been removed. */
export const prunedBeforeKey = 'pruned_before';
