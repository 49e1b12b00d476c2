/** How a file is opened, where a URI says so. */
export interface SqliteAccess {
  readonly isReadOnly?: boolean;
  /** Nothing changes the file while it is open, so that no lock and no other file is needed. */
  readonly isImmutable?: boolean;
}

/** Where the database is. */
export type DatabaseLocation =
  | { readonly dialect: 'sqlite'; readonly path: string; readonly access?: SqliteAccess }
  | { readonly dialect: 'postgres'; readonly url: string };
