import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import {
  Account,
  Bill,
  BillsPage,
  Payment,
  readProblem,
  StatementPage,
} from '../../../../src/providers/billers/rest/wire.ts';

interface Content {
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
interface Operation {
  responses: Record<string, { content?: Record<string, Content> }>;
}

const api = parse(readFileSync(new URL('../../../../docs/biller-api.openapi.yaml', import.meta.url), 'utf8')) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
};

function examples(path: string, method: string, status: string): unknown[] {
  const content = Object.values(api.paths[path]?.[method]?.responses[status]?.content ?? {})[0];
  return content?.examples ? Object.values(content.examples).map((one) => one.value) : [content?.example];
}

describe('the published biller interface', () => {
  it('is OpenAPI 3.1 with the operations that the adapter calls', () => {
    expect(api.openapi).to.match(/^3\.1\./);
    const operations = Object.entries(api.paths).map(([path, { get, put, post }]) => [
      path,
      ...Object.entries({ get, put, post }).flatMap(([method, operation]) => (operation ? [method] : [])),
    ]);
    expect(operations).to.deep.equal([
      ['/accounts/{account}', 'get'],
      ['/payments/{reference}', 'get', 'put'],
      ['/payments/{reference}/cancel', 'post'],
      ['/statements/{day}', 'get'],
      ['/bills', 'get'],
    ]);
  });

  it('has examples that the adapter reads', () => {
    const read = [
      [Account, examples('/accounts/{account}', 'get', '200'), 2],
      [Payment, examples('/payments/{reference}', 'put', '201'), 2],
      [StatementPage, examples('/statements/{day}', 'get', '200'), 1],
      [BillsPage, examples('/bills', 'get', '200'), 1],
      [Bill, examples('/bills', 'get', '200').flatMap((page) => (page as { bills: unknown[] }).bills), 1],
    ] as const;
    for (const [schema, values, count] of read) {
      expect(values).to.have.length(count);
      for (const value of values) expect(schema.safeParse(value).error).to.equal(undefined);
    }
  });

  it('has refusals with reasons that the adapter acts on', () => {
    const reasons = [
      ...examples('/accounts/{account}', 'get', '404'),
      ...examples('/payments/{reference}', 'put', '422'),
      ...examples('/payments/{reference}', 'get', '404'),
    ].map((example) => readProblem(example).reason);
    expect(reasons).to.deep.equal(['account-not-found', 'account-closed', 'payment-not-found']);
  });
});
