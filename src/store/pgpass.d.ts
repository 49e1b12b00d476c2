/** The package has no types. */
declare module 'pgpass' {
  interface Server {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  }
  /** Looks up a password in PGPASSFILE or `~/.pgpass`. */
  export default function pgpass(server: Server, onPassword: (password: string | undefined) => void): void;
}
