import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import type { JsonSchema, OpenApiDocument, Operation } from '../../../src/channels/api/open-api.ts';
import { plantExamples } from '../../support/api-examples.ts';
import { type ApiTown, openApiTown } from '../../support/organisation-api.ts';
import { embeddedStores, type StorePair } from '../../support/stores.ts';

interface Case {
  method: string;
  path: string;
  operation: Operation;
  name: string;
  status: string;
  answer: unknown;
}

/** Every example of the document, in its order. */
function casesOf({ paths }: OpenApiDocument): Case[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      Object.entries(operation.responses).flatMap(([status, { content }]) =>
        Object.values(content).flatMap(({ examples = {} }) =>
          Object.entries(examples).map(([name, { value }]) => ({
            method,
            path,
            operation,
            name,
            status,
            answer: value,
          })),
        ),
      ),
    ),
  );
}

/** The request of an example, as the document alone has it. */
function requestOf({ path, operation, name }: Case): { address: string; body: unknown } {
  let address = path;
  const query = new URLSearchParams();
  for (const parameter of operation.parameters ?? []) {
    const value = parameter.examples?.[name]?.value;
    if (parameter.in === 'path') address = address.replace(`{${parameter.name}}`, String(value));
    else if (parameter.in === 'query' && value !== undefined) query.set(parameter.name, String(value));
  }
  const body = operation.requestBody?.content['application/json']?.examples?.[name]?.value;
  return { address: query.size > 0 ? `${address}?${query}` : address, body };
}

/** Integrators ignore what is new; we answer with nothing that the document does not have. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const one = Object.fromEntries(Object.entries(schema).map(([name, inner]) => [name, closed(inner)]));
  return one.properties && one.additionalProperties === undefined ? { ...one, additionalProperties: false } : one;
}

describe('the document of the interface for organisations', () => {
  let stores: StorePair;
  let town: ApiTown;
  let document: OpenApiDocument;
  let ajv: Ajv2020;
  before(async function () {
    this.timeout(60_000);
    stores = await embeddedStores();
    town = await openApiTown(stores);
    await plantExamples(town);
    document = JSON.parse((await town.ask('GET', '/openapi.json', { key: null })).text);
    ajv = new Ajv2020({ strict: true, allErrors: true });
    addFormats.default(ajv);
    const schemas = closed(document.components.schemas);
    ajv.addVocabulary(['components']);
    ajv.addSchema({ $id: 'document', components: { schemas } });
  });
  after(async () => {
    await town?.stop();
    await stores?.drop();
  });

  const faultsOf = (schema: JsonSchema | undefined, value: unknown): string => {
    const check = ajv.compile({ $ref: `document${String(schema?.$ref)}` });
    return check(value) ? '' : ajv.errorsText(check.errors);
  };

  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate({ ...structuredClone(document) });
    expect(valid, JSON.stringify(errors)).to.equal(true);
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size, 'every operation has a name of its own').to.equal(ids.length);
  });

  it('has examples of every operation that are answered as it says', async function () {
    this.timeout(60_000);
    const cases = casesOf(document);
    const shown = new Set(cases.map(({ operation }) => operation.operationId));
    for (const methods of Object.values(document.paths)) {
      for (const { operationId } of Object.values(methods)) expect(shown).to.include(operationId);
    }
    for (const one of cases) {
      const what = `${one.operation.operationId}: ${one.name}`;
      const { address, body } = requestOf(one);
      const { status, json, text, headers } = await town.ask(one.method.toUpperCase(), address, { body });
      expect(String(status), `${what}: ${text}`).to.equal(one.status);
      const content = one.operation.responses[one.status]?.content ?? {};
      const [[type, media] = []] = Object.entries(content);
      expect(headers.get('content-type'), what).to.equal(type);
      if (media?.schema.format === 'binary') {
        expect(text.startsWith(String(one.answer)), `${what}: ${text.slice(0, 40)}`).to.equal(true);
        expect(headers.get('content-disposition'), what).to.match(/^attachment; filename="[A-Z0-9]+\.\w+"$/);
        continue;
      }
      expect(faultsOf(media?.schema, json), what).to.equal('');
      expect(faultsOf(media?.schema, one.answer), `${what}, as it is shown`).to.equal('');
      const request = one.operation.requestBody?.content['application/json'];
      if (request && status < 400) expect(faultsOf(request.schema, body), `${what}, what is sent`).to.equal('');
    }
  });

  it('describes every event that an organisation is told of', () => {
    for (const [type, { post }] of Object.entries(document.webhooks)) {
      const media = post.requestBody?.content['application/json'];
      for (const { value } of Object.values(media?.examples ?? {}))
        expect(faultsOf(media?.schema, value), type).to.equal('');
    }
    expect(Object.keys(document.webhooks)).to.deep.equal(['payout.settled', 'payout.answered', 'batch.closed']);
  });

  it('is a page, too, where every address within it leads somewhere', async () => {
    const { status, text } = await town.ask('GET', '/docs', { key: null, headers: { 'accept-encoding': 'identity' } });
    expect(status).to.equal(200);
    const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...text.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links).not.to.be.empty;
    for (const link of links) expect(ids).to.include(link);
    for (const { code } of document['x-problems']) expect(ids).to.include(`problem-${code.replaceAll('.', '-')}`);
    expect(text, 'every field has a type').not.to.match(/<td>anything/);
    for (const [, id] of text.matchAll(/ id="event-([^"]+)"/g)) {
      const section = text.slice(text.indexOf(`id="event-${id}"`)).split('</section>')[0];
      expect(section, `${id} leads to its shape`).to.match(/ href="#schema-\w+Event"/);
    }
    const styles = [...text.matchAll(/ rel="stylesheet" href="([^"]+)"/g)].map(([, address]) => address as string);
    for (const address of styles) expect((await town.ask('GET', address, { key: null })).status).to.equal(200);
    expect(text, 'nothing of others').not.to.match(/<script|src="https?:/);
  });
});
