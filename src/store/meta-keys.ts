/** Key in `meta`: contracts gone before this instant may have been removed. */
export const prunedBeforeKey = 'pruned_before';
