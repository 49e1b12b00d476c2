/** Access modes from a URI. */
export interface SqliteAccess {
  readonly isReadOnly?: boolean;
  /** The file does not change while it is open, so no locks and no other files are needed. */
  readonly isImmutable?: boolean;
}

/** The location of the database. */
export type DatabaseLocation =
  | { readonly dialect: 'sqlite'; readonly path: string; readonly access?: SqliteAccess }
  | { readonly dialect: 'postgres'; readonly url: string };
