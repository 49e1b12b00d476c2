/** The part of JSON Schema that ESI's description uses for bodies. */
export interface Schema {
  $ref?: string;
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  format?: string;
}

/** ESI writes instants in UTC, in whole seconds. */
const formats: Record<string, RegExp> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  date: /^\d{4}-\d\d-\d\d$/,
};

/** The differences between a body and a schema, with their places; unknown fields count. */
export function findProblems(
  value: unknown,
  schema: Schema,
  schemas: Record<string, Schema>,
  place = 'body',
): string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
    const referred = schemas[name];
    return referred === undefined ? [`${place}: no schema ${name}`] : findProblems(value, referred, schemas, place);
  }
  if (!hasType(value, schema.type)) {
    return [`${place}: ${JSON.stringify(value)} is not of type ${schema.type}`];
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined
      ? []
      : value.flatMap((item, index) => findProblems(item, items, schemas, `${place}[${index}]`));
  }
  if (typeof value === 'object' && value !== null) {
    return findFieldProblems(value, schema, schemas, place);
  }
  const problems: string[] = [];
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    problems.push(`${place}: ${JSON.stringify(value)} is none of the values of its enum`);
  }
  const format = formats[schema.format ?? ''];
  if (format !== undefined && !format.test(String(value))) {
    problems.push(`${place}: ${JSON.stringify(value)} is no ${schema.format}`);
  }
  return problems;
}

function findFieldProblems(value: object, schema: Schema, schemas: Record<string, Schema>, place: string): string[] {
  const properties = schema.properties ?? {};
  const missing = (schema.required ?? []).filter((field) => !Object.hasOwn(value, field));
  return [
    ...missing.map((field) => `${place}: no ${field}`),
    ...Object.entries(value).flatMap(([field, content]) => {
      const property = properties[field];
      return property === undefined
        ? [`${place}: unknown field ${field}`]
        : findProblems(content, property, schemas, `${place}.${field}`);
    }),
  ];
}

function hasType(value: unknown, type: Schema['type']): boolean {
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case undefined:
      return true;
    default:
      return typeof value === type;
  }
}
