/** The exit codes, a contract with cron lines, systemd units and scripts. An unknown code means failure. */
export const exitCodes = {
  done: 0,
  failure: 1,
  usage: 2,
  partial: 3,
  notMigrated: 10,
  locked: 11,
  unavailable: 12,
  storage: 13,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
