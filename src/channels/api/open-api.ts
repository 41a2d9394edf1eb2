import { z } from 'zod';
import { answerShapes, type Endpoint, requestShapes } from './endpoint.ts';
import { EVENTS } from './event-shapes.ts';
import { ABOUT } from './intro.ts';
import { PROBLEMS } from './problem-kinds.ts';
import { ProblemShape } from './shapes.ts';

export type JsonSchema = { readonly [name: string]: unknown };

export interface NamedExample {
  summary?: string;
  value: unknown;
}

export interface MediaType {
  schema: JsonSchema;
  examples?: Readonly<Record<string, NamedExample>>;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: JsonSchema;
  examples?: Readonly<Record<string, NamedExample>>;
}

export interface Operation {
  operationId: string;
  tags: readonly string[];
  summary: string;
  description?: string;
  security: readonly Readonly<Record<string, readonly string[]>>[];
  parameters?: readonly Parameter[];
  requestBody?: { required: boolean; content: Readonly<Record<string, MediaType>> };
  responses: Readonly<Record<string, { description: string; content: Readonly<Record<string, MediaType>> }>>;
  'x-scope': string | null;
}

/** What of OpenAPI 3.1 we use. */
export interface OpenApiDocument {
  openapi: '3.1.1';
  info: { title: string; version: string; summary: string; description: string };
  servers: readonly { url: string }[];
  tags: readonly { name: string }[];
  security: readonly Readonly<Record<string, readonly string[]>>[];
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  webhooks: Readonly<Record<string, { post: Omit<Operation, 'x-scope'> }>>;
  components: {
    schemas: Readonly<Record<string, JsonSchema>>;
    securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  'x-problems': readonly { code: string; status: number; title: string; about: string }[];
}

/** The document of the interface, from the declarations that also serve it. */
export function describeApi(endpoints: readonly Endpoint[], publicUrl: string): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: describe(endpoint) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Malipo for organisations', version: '1', summary: 'Pay many people at once', description: ABOUT },
    servers: [{ url: publicUrl }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    security: [{ key: [] }],
    paths,
    webhooks: Object.fromEntries(Object.keys(EVENTS).map((type) => [type, describeEvent(type as keyof typeof EVENTS)])),
    components: {
      schemas: { ...componentsOf(answerShapes, 'output'), ...componentsOf(requestShapes, 'input') },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key of your organisation: `mlp_...`' },
      },
    },
    'x-problems': Object.entries(PROBLEMS).map(([code, problem]) => ({ code, ...problem })),
  };
}

function describe(endpoint: Endpoint): Operation {
  const { id, tag, summary, about, scope } = endpoint;
  const parameters = [...parametersOf(endpoint, 'path'), ...parametersOf(endpoint, 'query')];
  if (endpoint.method === 'post') parameters.push(IDEMPOTENCY_KEY);
  const rights = scope ? `A key needs the scope \`${scope}\`.` : 'Every key may.';
  return {
    ...{ operationId: id, tags: [tag], summary, description: [about, rights].filter(Boolean).join(' ') },
    security: [{ key: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(endpoint.method === 'post' ? { requestBody: bodyOf(endpoint) } : {}),
    responses: { ...answersOf(endpoint), ...problemsOf(endpoint) },
    'x-scope': scope,
  };
}

const IDEMPOTENCY_KEY: Parameter = {
  ...{ name: 'Idempotency-Key', in: 'header', required: true },
  description:
    'Your name for this request: a repeat of it, under the same name, is answered with the same and done once',
  schema: { type: 'string', minLength: 1, maxLength: 100 },
};

const exampleKey = (name: string) => name.replaceAll(/[^a-z0-9]+/gi, '-');

function parametersOf(endpoint: Endpoint, place: 'path' | 'query'): Parameter[] {
  const from = place === 'path' ? 'params' : 'query';
  return Object.entries(endpoint[from]?.shape ?? {}).map(([name, shape]) => {
    const { description, ...schema } = inlineSchema(shape as z.ZodType);
    const given = endpoint.examples.flatMap((example) => {
      const value = (example[from] as Record<string, unknown> | undefined)?.[name];
      return value === undefined ? [] : [[exampleKey(example.name), { value }] as const];
    });
    return {
      ...{ name, in: place, required: place === 'path', schema },
      ...(typeof description === 'string' ? { description } : {}),
      ...(given.length > 0 ? { examples: Object.fromEntries(given) } : {}),
    };
  });
}

function bodyOf(endpoint: Extract<Endpoint, { method: 'post' }>): NonNullable<Operation['requestBody']> {
  const examples = endpoint.examples.flatMap(({ name, body }) =>
    body === undefined ? [] : [[exampleKey(name), { summary: name, value: body }] as const],
  );
  const schema = referenceTo(requestShapes.get(endpoint.body)?.id);
  return { required: true, content: { 'application/json': { schema, examples: Object.fromEntries(examples) } } };
}

function answersOf(endpoint: Endpoint): Operation['responses'] {
  return Object.fromEntries(
    Object.entries(endpoint.answers).map(([status, declared]) => {
      const examples = examplesOf(endpoint, Number(status));
      const [type, schema] =
        'file' in declared
          ? [declared.file, { type: 'string', format: 'binary' }]
          : ['application/json', referenceTo(answerShapes.get(declared.shape)?.id)];
      return [status, { description: declared.about, content: { [type]: { schema, ...examples } } }];
    }),
  );
}

function problemsOf(endpoint: Endpoint): Operation['responses'] {
  const byStatus = new Map<number, string[]>();
  for (const code of [...commonProblems(endpoint), ...(endpoint.problems ?? [])]) {
    const { status, title } = PROBLEMS[code] as (typeof PROBLEMS)[string];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `${title} (\`${code}\`)`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, titles]) => {
      const media = { schema: referenceTo('Problem'), ...examplesOf(endpoint, status) };
      return [String(status), { description: titles.join('; '), content: { 'application/problem+json': media } }];
    }),
  );
}

/** What every endpoint of its kind may answer with. */
function commonProblems({ method, scope, params, query }: Endpoint): string[] {
  const isPost = method === 'post';
  return [
    ...['request.unauthorised', 'request.too-many', 'service.failed'],
    ...(scope ? ['request.no-scope'] : []),
    ...(params ? ['request.not-found'] : []),
    ...(query || isPost ? ['request.invalid'] : []),
    ...(isPost
      ? [
          ...['request.malformed', 'request.key-missing', 'request.under-way', 'request.too-large'],
          ...['request.not-json', 'request.key-reused', 'request.refused'],
        ]
      : []),
  ];
}

function examplesOf(endpoint: Endpoint, status: number): Pick<MediaType, 'examples'> {
  const fitting = endpoint.examples.filter((example) => example.status === status);
  if (fitting.length === 0) return {};
  return {
    examples: Object.fromEntries(
      fitting.map(({ name, answer }) => [exampleKey(name), { summary: name, value: answer }]),
    ),
  };
}

function describeEvent(type: keyof typeof EVENTS): { post: Omit<Operation, 'x-scope'> } {
  const { summary, shape, example } = EVENTS[type];
  const media = { schema: referenceTo(answerShapes.get(shape)?.id), examples: { event: { value: example } } };
  return {
    post: {
      ...{ operationId: type, tags: ['Webhooks'], summary, security: [] },
      requestBody: { required: true, content: { 'application/json': media } },
      responses: { '2XX': { description: 'You have kept it. Anything else is tried again.', content: {} } },
    },
  };
}

const referenceTo = (id: string | undefined): JsonSchema => ({ $ref: `#/components/schemas/${id}` });

function componentsOf(shapes: typeof answerShapes, io: 'input' | 'output'): Record<string, JsonSchema> {
  const uri = (id: string) => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(shapes, { target: 'draft-2020-12', io, uri, override: simplify });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema as JsonSchema]),
  );
}

function inlineSchema(shape: z.ZodType): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(shape, { target: 'draft-2020-12', io: 'input', override: simplify });
  return schema as JsonSchema;
}

/** Formats say what their patterns repeat; and who reads an answer must expect fields that are new. */
function simplify({ jsonSchema, zodSchema }: { jsonSchema: JsonSchema; zodSchema: z.core.$ZodTypes }): void {
  const schema = jsonSchema as Record<string, unknown>;
  if (schema.format !== undefined) delete schema.pattern;
  const isClosed = zodSchema._zod.def.type === 'object' && zodSchema._zod.def.catchall !== undefined;
  if (schema.additionalProperties === false && !isClosed) delete schema.additionalProperties;
}

/** Kept in the document although nothing but errors refers to it. */
export const PROBLEM_ID = answerShapes.get(ProblemShape)?.id;
