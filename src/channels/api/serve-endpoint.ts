import { createHash } from 'node:crypto';
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { z } from 'zod';
import { answerOnce, type KeptAnswer, type Once } from '../../domain/organisations/index.ts';
import { Refusal } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import { type JsonBody, readJson } from '../../platform/http/index.ts';
import type { ApiDomain, OrganisationApiDeps } from './api-deps.ts';
import type { Act, Answer, Call, Endpoint, FileAnswer } from './endpoint.ts';
import { enter } from './enter.ts';
import { type FieldFault, problemOf } from './problems.ts';

/** Errors that one answer names. */
const MOST_ERRORS = 100;

/** The route of one endpoint: nobody passes whose key, address, parameters, body or name of the request do not fit. */
export function serveEndpoint(router: Router, deps: OrganisationApiDeps, endpoint: Endpoint): void {
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1');
  router[endpoint.method](
    path,
    asProblem(deps, (ctx) => serve(deps, endpoint, ctx)),
  );
}

/** Runs what a route does; what goes wrong is answered as a problem. */
export function asProblem(
  deps: OrganisationApiDeps,
  work: (ctx: Context) => Promise<void> | void,
): (ctx: Context) => Promise<void> {
  return async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('X-Content-Type-Options', 'nosniff');
    try {
      await work(ctx);
    } catch (error) {
      const { status, headers, body } = problemOf(error, deps.publicUrl);
      if (status >= 500) {
        deps.log.error(
          { err: error, method: ctx.method, route: String(ctx._matchedRoute) },
          'a request of the API failed',
        );
      }
      deps.observeError(status);
      ctx.set(headers);
      send(ctx, { status, body });
    }
  };
}

async function serve(deps: OrganisationApiDeps, endpoint: Endpoint, ctx: Context): Promise<void> {
  const caller = await enter(deps, ctx);
  const { scope } = endpoint;
  if (scope && !caller.key.scopes.split(' ').includes(scope)) throw new Refusal('request.no-scope', { scope });
  const call = { ...caller, deps: deps.domain, params: readParams(endpoint, ctx), query: readQuery(endpoint, ctx) };
  if (endpoint.method === 'get') return serveGet(deps, endpoint, ctx, call);
  await serveAct(deps, endpoint, ctx, call);
}

type Parted = Omit<Call<Record<string, unknown>, Record<string, unknown>, undefined>, 'body'>;
type Get = Extract<Endpoint, { method: 'get' }>;

async function serveGet(deps: OrganisationApiDeps, endpoint: Get, ctx: Context, call: Parted): Promise<void> {
  const isFile = Object.values(endpoint.answers).some((one) => 'file' in one);
  if (isFile)
    return serveFile(deps, ctx, async () => (await endpoint.handle({ ...call, body: undefined })) as FileAnswer);
  const { status, body } = (await endpoint.handle({ ...call, body: undefined })) as Answer;
  send(ctx, { status, body: JSON.stringify(body) });
}

/** Only so many at once: a large one takes a while. Ends when whoever takes it goes away, or the process stops. */
async function serveFile(
  { downloads }: OrganisationApiDeps,
  ctx: Context,
  open: () => Promise<FileAnswer>,
): Promise<void> {
  let content: { destroy(): void } | undefined;
  const place = downloads.open(() => content?.destroy());
  try {
    const file = await open();
    content = file.content;
    ctx.status = 200;
    ctx.set({ 'Content-Type': file.type, 'Content-Disposition': `attachment; filename="${file.name}"` });
    ctx.body = file.content;
    if (ctx.res.closed) place.end();
    else ctx.res.once('close', () => place.end());
  } catch (error) {
    place.end();
    throw error;
  }
}

type Post = Extract<Endpoint, { method: 'post' }>;

async function serveAct(deps: OrganisationApiDeps, endpoint: Post, ctx: Context, call: Parted): Promise<void> {
  const idempotencyKey = readIdempotencyKey(ctx);
  const { value, raw } = hasBody(ctx) ? await readJson(ctx, endpoint.bodyLimits) : { value: {}, raw: '' };
  const body = checked(endpoint.body, value, (path) => ({ pointer: `#${path.map(escaped).join('')}` }));
  const request = { organisationId: call.organisation.id, idempotencyKey, requestHash: hashOf(ctx, raw) };
  const answer = await answerOnce(
    deps.domain,
    request,
    async ({ keep }) => {
      const own = { keep: (tx: Tx, kept: Answer) => keep(tx, written(kept)), commit: committing(deps.domain, keep) };
      return written(await endpoint.handle({ ...call, ...own, body }));
    },
    (refusal) => problemOf(refusal, deps.publicUrl),
  );
  if (answer.isRepeat) ctx.set('Idempotency-Replayed', 'true');
  send(ctx, answer);
}

/** What a use case does and its answer are one commit: its transaction is ours for the time of it. */
function committing(domain: ApiDomain, keep: Once['keep']): Act<unknown, unknown, unknown>['commit'] {
  return async (work, answer) => {
    const transaction: Database['transaction'] = (inner) =>
      domain.database.transaction(async (tx) => {
        const made = await inner(tx);
        await keep(tx, written(answer(made as never)));
        return made;
      });
    return answer(await work({ ...domain, database: { ...domain.database, transaction } }));
  };
}

const written = ({ status, body }: Answer): KeptAnswer => ({ status, body: JSON.stringify(body) });

function send(ctx: Context, { status, body }: KeptAnswer): void {
  ctx.status = status;
  ctx.set('Content-Type', status >= 400 ? 'application/problem+json' : 'application/json');
  ctx.body = body;
}

/** Visible characters, with or without the quotes that the draft of the header asks for. */
function readIdempotencyKey(ctx: Context): string {
  const given = /^"?([\x21\x23-\x5b\x5d-\x7e]{1,100})"?$/.exec(ctx.get('idempotency-key'))?.[1];
  if (given === undefined) throw new Refusal('request.key-missing');
  return given;
}

const hasBody = ({ req }: Context) =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

function hashOf(ctx: Context, raw: JsonBody['raw']): string {
  return createHash('sha256').update(`${ctx.method} ${ctx.url}\n`).update(raw).digest('hex');
}

/** What is no id of ours is nothing that is there. */
function readParams({ params }: Endpoint, ctx: Context): Record<string, unknown> {
  const read = params?.safeParse(ctx.params);
  if (read && !read.success) throw new Refusal('request.not-found');
  return read?.data ?? {};
}

function readQuery({ query }: Endpoint, ctx: Context): Record<string, unknown> {
  const given = { ...ctx.query };
  if (!query) return {};
  return checked(query, given, (path, keys) => ({ parameter: String(path[0] ?? keys[0] ?? '') }));
}

type Place = (path: readonly PropertyKey[], keys: readonly string[]) => Omit<FieldFault, 'detail'>;

function checked(shape: z.ZodObject, value: unknown, placeOf: Place): Record<string, unknown> {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const errors = read.error.issues.slice(0, MOST_ERRORS).map((issue) => ({
    detail: issue.message,
    ...placeOf(issue.path, issue.code === 'unrecognized_keys' ? issue.keys : []),
  }));
  throw new Refusal('request.invalid', { errors });
}

/** One step of a JSON Pointer in a fragment (RFC 6901). */
const escaped = (step: PropertyKey) =>
  `/${encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1'))}`;
