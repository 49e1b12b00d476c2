/** The summaries of all subcommands in the order of the program's help, which loads none of them. */
export const summaries = {
  migrate: 'bring the schema up to date',
  aggregate: 'run one aggregation pass, then exit',
  query: 'query the database',
  import: 'import static data, archives, structures or a dump',
  export: 'export to a dump, archive or Parquet files',
  report: 'write query results as a static web site',
  prune: 'remove contracts that have been gone for long',
  status: 'show how fresh the database is; for people and monitors',
  doctor: 'check the requirements of passes, and how to meet them',
  views: 'list or remove saved questions',
  completion: 'print a shell completion script',
} as const;

export type SubcommandName = keyof typeof summaries;
