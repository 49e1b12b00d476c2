/** What each subcommand is for, in the order of the help: of the program's own help, for which none of them is loaded. */
export const summaries = {
  migrate: 'bring the schema up to date',
  aggregate: 'run one aggregation pass, then exit',
  query: 'ask questions of the database',
  import: 'bring in static data, archives, structures, a dump',
  export: 'write everything to a dump',
  report: 'write answers as a static web site',
  prune: 'remove contracts that went long ago',
  status: 'how fresh the database is; for people and monitors',
  doctor: 'check what passes rest on, and say what to do',
  views: 'list or remove saved questions',
  completion: 'print the completion of a shell',
} as const;

export type SubcommandName = keyof typeof summaries;
