import type { JsonSchema, Parameter } from '../open-api.ts';
import { Prose } from './prose.tsx';

interface Row {
  name: string;
  schema: JsonSchema;
  required: boolean;
}

/** The fields of an object, with those of objects within it. */
export function SchemaTable({ name, schema }: { name: string; schema: JsonSchema }) {
  return <FieldTable rows={rowsOf(schema)} label={`Fields of ${name}`} />;
}

export function ParameterTable({ of, parameters }: { of: string; parameters: readonly Parameter[] }) {
  const rows = parameters.map(({ name, schema, required, description }) => ({
    ...{ name, required },
    schema: description === undefined ? schema : { ...schema, description },
  }));
  return <FieldTable rows={rows} label={`Parameters of ${of}`} />;
}

function FieldTable({ rows, label }: { rows: readonly Row[]; label: string }) {
  if (rows.length === 0) return <p class="hint">Nothing.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="wide" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            <th scope="col">Is</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, schema, required }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
                {!required && <small>may be left out</small>}
              </th>
              <td>
                <TypeOf schema={schema} />
              </td>
              <td>
                <Prose text={String(schema.description ?? '')} />
                <Limits schema={schema} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function rowsOf(schema: JsonSchema, prefix = ''): Row[] {
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const required = (schema.required ?? []) as readonly string[];
  return Object.entries(properties).flatMap(([name, one]) => {
    const row = { name: prefix + name, schema: one, required: required.includes(name) };
    return [row, ...rowsOf(objectWithin(one), `${prefix}${name}.`)];
  });
}

/** The object itself, the one that may also be null, or the one of a list. */
function objectWithin(schema: JsonSchema): JsonSchema {
  if (schema.properties) return schema;
  if (schema.items) return objectWithin(schema.items as JsonSchema);
  const choices = (schema.anyOf ?? []) as readonly JsonSchema[];
  return choices.find(({ properties }) => properties) ?? {};
}

export function TypeOf({ schema }: { schema: JsonSchema }) {
  const reference = schema.$ref;
  if (typeof reference === 'string') {
    const name = reference.slice(reference.lastIndexOf('/') + 1);
    return <a href={`#schema-${name}`}>{name}</a>;
  }
  if (schema.type === 'array') {
    return (
      <>
        list of <TypeOf schema={(schema.items ?? {}) as JsonSchema} />
      </>
    );
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) {
    return (
      <>
        {(choices as JsonSchema[]).map((one, at) => (
          <>
            {at > 0 && ' or '}
            <TypeOf schema={one} />
          </>
        ))}
      </>
    );
  }
  if (schema.const !== undefined) return <code>{JSON.stringify(schema.const)}</code>;
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : String(schema.type ?? 'anything');
  return <>{schema.format === undefined ? type : `${type}, ${schema.format}`}</>;
}

/** `#` stands for the value. */
const LIMITS: Readonly<Record<string, string>> = {
  minimum: 'at least #',
  maximum: 'at most #',
  minLength: 'at least # characters',
  maxLength: 'at most # characters',
  minItems: 'at least # entries',
  maxItems: 'at most # entries',
  default: 'else #',
};

/** Said by a number that everybody has and nobody means. */
const BOUNDS_OF_NUMBERS = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

function Limits({ schema }: { schema: JsonSchema }) {
  const choices = (schema.enum ?? (schema.items as JsonSchema | undefined)?.enum) as readonly unknown[] | undefined;
  const limits = Object.entries(LIMITS).filter(
    ([name]) => schema[name] !== undefined && !BOUNDS_OF_NUMBERS.includes(schema[name] as number),
  );
  return (
    <>
      {choices && (
        <p class="limits">
          {choices.map((choice) => (
            <code key={String(choice)}>{String(choice)}</code>
          ))}
        </p>
      )}
      {limits.length > 0 && (
        <p class="limits">
          {limits.map(([name, words]) => words.replace('#', () => JSON.stringify(schema[name]))).join(', ')}
        </p>
      )}
    </>
  );
}
