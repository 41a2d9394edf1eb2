import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Actor } from '../../domain/audit/index.ts';
import type { ApiKey, KeyScope, Organisation } from '../../domain/organisations/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { JsonLimits } from '../../platform/http/index.ts';
import type { ApiDomain } from './api-deps.ts';

/** Shapes that have a name of their own in the document: those that come, and those that go. */
export const requestShapes = z.registry<{ id: string }>();
export const answerShapes = z.registry<{ id: string }>();

export interface Answer {
  status: number;
  body: unknown;
}

/** A file, which is made as it is taken. `type`: the one that the endpoint declares. */
export interface FileAnswer {
  name: string;
  type: string;
  content: Readable;
}

/** What is answered when all is well: JSON of a shape that is registered in `answerShapes`, or a file of a media type. */
export type Declaration = { about: string } & ({ shape: z.ZodType } | { file: string });

/** Whose key it is, and who acts by it. */
export interface Caller {
  key: ApiKey;
  organisation: Organisation;
  actor: Actor;
}

/** A request that has passed the door. */
export interface Call<Params, Query, Body> extends Caller {
  deps: ApiDomain;
  params: Params;
  query: Query;
  body: Body;
}

/** A request that changes something, and is acted on once. */
export interface Act<Params, Query, Body> extends Call<Params, Query, Body> {
  /** Commits the answer with the fact, and gives it back. */
  keep(tx: Tx, answer: Answer): Promise<void>;
  /**
   * Runs a use case of a single transaction, with dependencies that commit the answer in that transaction. `answer`: made of what the
   * transaction gives back.
   */
  commit<T>(work: (deps: ApiDomain) => Promise<T>, answer: (made: T) => Answer): Promise<Answer>;
}

/** A request as an integrator writes it, and what comes back. The tests send every one. */
export interface Example<Params, Query, Body> {
  name: string;
  params?: Params;
  query?: Query;
  body?: Body;
  status: number;
  /** Of a file: how it begins. */
  answer: unknown;
}

interface Declared<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> {
  /** Unique; what generated clients call it. */
  id: string;
  /** As in OpenAPI: `/v1/webhooks/{id}`. */
  path: string;
  tag: string;
  summary: string;
  about?: string;
  /** Null: every key may. */
  scope: KeyScope | null;
  params?: P;
  query?: Q;
  /** By status. */
  answers: Readonly<Record<number, Declaration>>;
  /** Codes of problems of its own, beside those that every endpoint may answer with. */
  problems?: readonly string[];
  examples: readonly Example<z.input<P>, z.input<Q>, z.input<B>>[];
}

interface DeclaredGet<P extends z.ZodObject, Q extends z.ZodObject> extends Declared<P, Q, z.ZodObject> {
  method: 'get';
  handle(call: Call<z.output<P>, z.output<Q>, undefined>): Promise<Answer | FileAnswer>;
}

interface DeclaredPost<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> extends Declared<P, Q, B> {
  method: 'post';
  /** Registered in `requestShapes`. */
  body: B;
  bodyLimits?: JsonLimits;
  handle(act: Act<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer>;
}

/** An endpoint, once for all: the route, its document and its page are made of it. */
export type Endpoint = DeclaredGet<z.ZodObject, z.ZodObject> | DeclaredPost<z.ZodObject, z.ZodObject, z.ZodObject>;

const NOTHING = z.strictObject({});
type Nothing = typeof NOTHING;

export function get<P extends z.ZodObject = Nothing, Q extends z.ZodObject = Nothing>(
  declared: Omit<DeclaredGet<P, Q>, 'method'>,
): Endpoint {
  return { ...declared, method: 'get' } as unknown as Endpoint;
}

export function post<B extends z.ZodObject, P extends z.ZodObject = Nothing, Q extends z.ZodObject = Nothing>(
  declared: Omit<DeclaredPost<P, Q, B>, 'method'>,
): Endpoint {
  return { ...declared, method: 'post' } as unknown as Endpoint;
}
