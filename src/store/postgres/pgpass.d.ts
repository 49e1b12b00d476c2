/** The package brings no types of its own. */
declare module 'pgpass' {
  interface Server {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  }
  /** Looks a password up in the file that PGPASSFILE names, or `~/.pgpass`. */
  export default function pgpass(server: Server, onPassword: (password: string | undefined) => void): void;
}
