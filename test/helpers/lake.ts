import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** A row as DuckDB prints it in JSON. */
export type LakeRow = Readonly<Record<string, unknown>>;

/** Runs a statement of DuckDB over exported Parquet files; `{table}` is replaced by the files of a table. */
export async function askLake(folder: string, statement: string): Promise<LakeRow[]> {
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  try {
    const text = statement.replaceAll(/\{(\w+)\}/g, (_, table: string) => {
      return `read_parquet('${join(folder, table)}/**/*.parquet', hive_partitioning = true)`;
    });
    const answer = await connection.runAndReadAll(`SELECT to_json(answer)::VARCHAR AS row FROM (${text}) AS answer`);
    return answer.getRowObjects().map(({ row }) => JSON.parse(String(row)));
  } finally {
    connection.closeSync();
    database.closeSync();
  }
}
