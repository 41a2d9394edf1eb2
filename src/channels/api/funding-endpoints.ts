import {
  announceFunding,
  getFunding,
  getQuotation,
  makeQuotation,
  pageFunding,
  pageQuotations,
  recordOrder,
} from '../../domain/funding/index.ts';
import { parseMoney, Refusal } from '../../kernel/index.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Endpoint, get, post } from './endpoint.ts';
import {
  AnnounceBody,
  FundingShape,
  OrderBody,
  QuotationShape,
  QuoteBody,
  showFunding,
  showQuotation,
} from './funding-shapes.ts';
import { Id, OneId, PageQuery, pageShape } from './shapes.ts';

const reading = { tag: 'Money', scope: 'funding:read' } as const;
const bringing = { tag: 'Money', scope: 'funding:write' } as const;
const QUOTATION_ID = '019ac000-0000-7000-8000-000000000030';
const FUNDING_ID = '019ac000-0000-7000-8000-000000000031';

const QUOTED = {
  ...{ id: QUOTATION_ID, number: 'Q7K2M9QX4T', rows: 2, total: '43500.00', charges: '26.00', fee: '435.00' },
  ...{ tax: '69.60', need: '44030.60', currency: 'KES', validUntil: '2099-12-31' },
  createdAt: '2026-11-20T09:00:00.000Z',
};
const ANNOUNCED = {
  ...{ id: FUNDING_ID, reference: 'F4XK7QPM2T', quotationId: QUOTATION_ID, amount: '44030.60', currency: 'KES' },
  ...{ state: 'expected', orderNumber: null, orderAmount: null, expectedAt: '2026-11-20T09:00:00.000Z' },
  ...{ bankedAt: null, availableAt: null },
};

const quoteEndpoint = post({
  ...bringing,
  id: 'makeQuotation',
  path: '/v1/quotations',
  summary: 'What paying so many people would cost',
  about:
    'An offer, which moves nothing. The total is spread evenly over the rows: the charges of a real list may differ.',
  body: QuoteBody,
  answers: { 201: { about: 'The offer', shape: QuotationShape } },
  problems: [
    ...['funding.rows', 'funding.whole-amounts', 'funding.too-little', 'funding.past-bands', 'funding.nothing'],
    'funding.quotations-today',
  ],
  examples: [{ name: 'two people', body: { rows: 2, total: '43500' }, status: 201, answer: QUOTED }],
  handle(act) {
    const { organisation, actor, body } = act;
    const totalMinor = minorOf(body.total, organisation.currency, '#/total');
    const wanted = { organisationId: organisation.id, rows: body.rows, totalMinor };
    return act.commit(
      (deps) => makeQuotation(deps, actor, wanted),
      (made) => ({ status: 201, body: showQuotation(made) }),
    );
  },
});

const quotationsEndpoint = get({
  ...reading,
  id: 'listQuotations',
  path: '/v1/quotations',
  summary: 'Your quotations',
  about: 'The newest first.',
  query: PageQuery,
  answers: { 200: { about: 'A page of them', shape: pageShape('QuotationPage', QuotationShape) } },
  examples: [{ name: 'the newest', query: { limit: 1 }, status: 200, answer: { data: [QUOTED], next: null } }],
  async handle({ deps, organisation, query }) {
    const before = readCursor(query.after, Id);
    const { quotations, next } = await pageQuotations(deps.database, organisation.id, { before, limit: query.limit });
    return { status: 200, body: { data: quotations.map(showQuotation), next: next ? writeCursor(next) : null } };
  },
});

const quotationEndpoint = get({
  ...reading,
  id: 'readQuotation',
  path: '/v1/quotations/{id}',
  summary: 'One quotation',
  params: OneId,
  answers: { 200: { about: 'As it was offered', shape: QuotationShape } },
  examples: [{ name: 'one', params: { id: QUOTATION_ID }, status: 200, answer: QUOTED }],
  handle: async ({ deps, organisation, params }) => ({
    status: 200,
    body: showQuotation(await getQuotation(deps.database, organisation.id, params.id)),
  }),
});

const announceEndpoint = post({
  ...bringing,
  id: 'announceFunding',
  path: '/v1/funding',
  summary: 'Announce money that you send',
  about:
    'Write its reference on the transfer. It is yours to spend once two people of ours have seen it at the bank and on the paybill.',
  body: AnnounceBody,
  answers: { 201: { about: 'It is expected', shape: FundingShape } },
  problems: ['funding.amount', 'funding.too-many-expected', 'funding.quotation-over', 'funding.quotation-used'],
  examples: [
    {
      name: 'without a quotation',
      body: { amount: '50000.00' },
      status: 201,
      answer: { ...ANNOUNCED, quotationId: null, amount: '50000.00' },
    },
  ],
  handle(act) {
    const { organisation, actor, body } = act;
    const { amount, quotationId } = body;
    const amountMinor = amount === undefined ? undefined : minorOf(amount, organisation.currency, '#/amount');
    return act.commit(
      (deps) => announceFunding(deps, actor, { organisationId: organisation.id, quotationId, amountMinor }),
      (made) => ({ status: 201, body: showFunding(made) }),
    );
  },
});

const fundingsEndpoint = get({
  ...reading,
  id: 'listFunding',
  path: '/v1/funding',
  summary: 'Money that you announced',
  about: 'The newest first.',
  query: PageQuery,
  answers: { 200: { about: 'A page of it', shape: pageShape('FundingPage', FundingShape) } },
  examples: [{ name: 'the newest', query: { limit: 1 }, status: 200, answer: { data: [ANNOUNCED], next: null } }],
  async handle({ deps, organisation, query }) {
    const before = readCursor(query.after, Id);
    const { fundings, next } = await pageFunding(deps.database, organisation.id, { before, limit: query.limit });
    return { status: 200, body: { data: fundings.map(showFunding), next: next ? writeCursor(next) : null } };
  },
});

const fundingEndpoint = get({
  ...reading,
  id: 'readFunding',
  path: '/v1/funding/{id}',
  summary: 'How far money has come',
  params: OneId,
  answers: { 200: { about: 'As it stands', shape: FundingShape } },
  examples: [{ name: 'one', params: { id: FUNDING_ID }, status: 200, answer: ANNOUNCED }],
  async handle({ deps, organisation, params }) {
    const { funding } = await getFunding(deps.database, organisation.id, params.id);
    return { status: 200, body: showFunding(funding) };
  },
});

const orderEndpoint = post({
  ...bringing,
  id: 'recordOrder',
  path: '/v1/funding/{id}/order',
  summary: 'Give the purchase order for our fee',
  about: 'One that is there already is replaced.',
  params: OneId,
  body: OrderBody,
  answers: { 200: { about: 'With the order', shape: FundingShape } },
  problems: ['funding.order-number', 'funding.state'],
  examples: [
    {
      name: 'an order',
      ...{ params: { id: FUNDING_ID }, body: { number: 'PO-2026-118', amount: '504.60' }, status: 200 },
      answer: { ...ANNOUNCED, orderNumber: 'PO-2026-118', orderAmount: '504.60' },
    },
  ],
  handle(act) {
    const { organisation, actor, body, params } = act;
    const orderMinor = minorOf(body.amount, organisation.currency, '#/amount');
    const which = { organisationId: organisation.id, fundingId: params.id };
    return act.commit(
      (deps) => recordOrder(deps, actor, { ...which, orderNumber: body.number, orderMinor }),
      (made) => ({ status: 200, body: showFunding(made) }),
    );
  },
});

function minorOf(text: string, currency: string, pointer: string): bigint {
  const amount = parseMoney(text, currency);
  if (amount) return amount.amountMinor;
  throw new Refusal('request.invalid', { errors: [{ detail: `Not an amount of ${currency}`, pointer }] });
}

export const fundingEndpoints: readonly Endpoint[] = [
  ...[quoteEndpoint, quotationsEndpoint, quotationEndpoint],
  ...[announceEndpoint, fundingsEndpoint, fundingEndpoint, orderEndpoint],
];
