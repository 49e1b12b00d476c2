/** Whether every command gets a process of its own, and tests may wait for minutes. So it is in CI. */
export const isThorough = Boolean(process.env.HANGARBAY_TEST_THOROUGH);

/** Ends the title of a test that waits for time-outs of the network, and is skipped in a hurry. */
export const whyInHurry = isThorough ? '' : ' (skipped: waits long; HANGARBAY_TEST_THOROUGH=1 runs it)';
