import { is, Name, SQL, StringChunk, sql } from 'drizzle-orm';

/** A left join to the row that another row refers to: it neither adds nor removes rows. */
export interface Join {
  /** The alias of the joined table. */
  readonly alias: string;
  readonly sql: SQL;
  /** The join condition, which may refer to earlier joins. */
  readonly on: SQL;
}

/** `LEFT JOIN table AS alias ON on`. */
export function leftJoin(table: SQL, alias: string, on: SQL): Join {
  return { alias, on, sql: sql`LEFT JOIN ${table} AS ${sql.identifier(alias)} ON ${on}` };
}

/** All of the joins, in order. */
export function allJoins(joins: readonly Join[]): SQL {
  return sql.join(
    joins.map((join) => join.sql),
    sql` `,
  );
}

/** The joins that the expressions use, and the joins that these need in turn. */
export function joinsFor(joins: readonly Join[], expressions: readonly SQL[]): SQL {
  let text = expressions.map(textOf).join(' ');
  const needed = joins.toReversed().filter(({ alias, on }) => {
    if (!new RegExp(String.raw`\b${alias}"?\.`).test(text)) return false;
    text += ` ${textOf(on)}`;
    return true;
  });
  return allJoins(needed.toReversed());
}

/** An expression's text without its parameters. */
function textOf(expression: SQL): string {
  return expression.queryChunks
    .map((chunk) => {
      if (is(chunk, SQL)) return textOf(chunk);
      if (is(chunk, StringChunk)) return chunk.value.join('');
      return is(chunk, Name) ? chunk.value : '';
    })
    .join('');
}
