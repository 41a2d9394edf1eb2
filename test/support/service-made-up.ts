import fc from 'fast-check';
import { KEY } from './service.ts';

/** One HTTP request that no operator would send, or that he would send if things were otherwise. */
export interface MadeUp {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | Buffer;
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
/** Few, so that sessions go on, bodies repeat, and what is kept stays within bounds. */
const few = (prefix: string, most = 30) => fc.integer({ min: 0, max: most }).map((index) => `${prefix}${index}`);
const msisdn = few('+25471500010');

/** Nothing of it can be confirmed: the amounts are below what any biller takes. */
const dialled = fc
  .array(
    fc.constantFrom(
      '',
      '0',
      '00',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '98',
      '*',
      '9',
      '100200300',
      '04123456789',
      '9991',
      '+',
      '%',
      "'",
      '4711',
      '😀',
      'é',
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join('*'));

const odd: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e400',
    '9'.repeat(400),
    'null',
    '[object Object]',
    '__proto__',
    '\u0000',
    '\u202e',
    "' OR 1=1 --",
    '{{7*7}}',
    '../../etc/passwd',
    '$(id)',
  ),
);

const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 1e308, Number.MAX_SAFE_INTEGER, 0.1, 1.005, 5e-324, 2 ** 53),
);

const oddJson: fc.Arbitrary<unknown> = fc.oneof(
  odd,
  number,
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
);

const callback = fc.record({
  Body: fc.record({
    stkCallback: fc.record({
      MerchantRequestID: few('mr-'),
      CheckoutRequestID: few('ws_CO_made_up_'),
      ResultCode: fc.constantFrom<unknown>(0, '0', 1, 1032, '1037', 2001, 17, 4999, 'SFC_IC0003'),
      ResultDesc: fc.constant('made up'),
      CallbackMetadata: fc.record({
        Item: fc.constant([
          { Name: 'Amount', Value: 500 },
          { Name: 'MpesaReceiptNumber', Value: 'SGMADEUP00' },
          { Name: 'Balance' },
          { Name: 'TransactionDate', Value: 20261120120000 },
          { Name: 'PhoneNumber', Value: 254715000100 },
        ]),
      }),
    }),
  }),
});

/** For a short code that is not ours: one for ours, well-formed and under the right key, would be true. */
const confirmation = fc.record({
  TransactionType: fc.constant('Pay Bill'),
  TransID: few('SGMADE000'),
  TransTime: fc.constant('20261120120000'),
  TransAmount: fc.constantFrom('500.00', '5', '0', '-5', '1e400', '99999999999999999999'),
  BusinessShortCode: fc.constantFrom('600100', '174378', '1743790'),
  BillRefNumber: fc.constantFrom('100200300', '04123456789', '999', 'M23456789A', ''),
  MSISDN: fc.constantFrom('2547 ***** 126', '25470****149', '254711000001', 'x'),
  FirstName: fc.constant('JANE'),
});

const status = fc.record({
  Result: fc.record({
    ResultType: fc.constant(0),
    ResultCode: fc.constantFrom<unknown>(0, '0', 2032, 1),
    ResultDesc: fc.constant('made up'),
    OriginatorConversationID: few('o-'),
    ConversationID: few('AG_made_up_'),
    TransactionID: few('SGSTATUS0'),
    ResultParameters: fc.constant({
      ResultParameter: [
        { Key: 'ReceiptNo', Value: 'SGSTATUS00' },
        { Key: 'TransactionStatus', Value: 'Completed' },
        { Key: 'DebitPartyName', Value: '254715000100 - JANE WANJIKU' },
      ],
    }),
  }),
});

/** A place in a JSON value gets another value, goes, or is repeated one level down. */
function spoil(
  value: unknown,
  path: readonly number[],
  change: { kind: 'replace' | 'drop' | 'wrap'; by: unknown },
): unknown {
  if (typeof value !== 'object' || value === null) return change.kind === 'wrap' ? [value] : change.by;
  const entries: [string, unknown][] = Object.entries(value);
  const [step, ...rest] = path;
  if (step === undefined || entries.length === 0) return change.kind === 'wrap' ? { inner: value } : change.by;
  const at = step % entries.length;
  const kept = entries.flatMap(([name, inner], index): [string, unknown][] => {
    if (index !== at) return [[name, inner]];
    if (change.kind === 'drop' && rest.length === 0) return [];
    return [[name, spoil(inner, rest, change)]];
  });
  return Array.isArray(value) ? kept.map(([, inner]) => inner) : Object.fromEntries(kept);
}

const change = fc.record({ kind: fc.constantFrom('replace' as const, 'drop' as const, 'wrap' as const), by: oddJson });

function spoiled(valid: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const path = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 6 });
  return fc.tuple(valid, path, change).map(([value, where, how]) => JSON.stringify(spoil(value, where, how)) ?? '');
}

/** What is no JSON of any use: cut off, nested without end, too many, too large, of a wrong encoding. */
const hopeless: fc.Arbitrary<string | Buffer> = fc.oneof(
  odd,
  fc.integer({ min: 1, max: 20_000 }).map((depth) => '['.repeat(depth)),
  fc.integer({ min: 1, max: 8_000 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  fc.integer({ min: 1, max: 12_000 }).map((count) => `[${'0,'.repeat(count)}0]`),
  fc.constantFrom(
    '{"Body":',
    '{"a":1}{"a":2}',
    '{"__proto__":{"admin":true}}',
    '{"Body":{"stkCallback":null}}',
    '\ufeff{}',
    '"\\ud800"',
  ),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc.constant('x'.repeat(65 * 1024)),
);

const jsonBody = (valid: fc.Arbitrary<unknown>): fc.Arbitrary<string | Buffer> =>
  fc.oneof(
    { weight: 2, arbitrary: valid.map((value) => JSON.stringify(value)) },
    { weight: 6, arbitrary: spoiled(valid) },
    { weight: 2, arbitrary: hopeless },
  );

const encodeForm = (fields: [string, string][]): string => new URLSearchParams(fields).toString();

/** A form, also with a field that is missing, repeated or odd. */
const formBody = (valid: fc.Arbitrary<Record<string, string>>): fc.Arbitrary<string | Buffer> =>
  fc.oneof(
    { weight: 4, arbitrary: valid.map((fields) => encodeForm(Object.entries(fields))) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(valid, fc.nat({ max: 8 }), fc.constantFrom('drop', 'repeat', 'odd'), odd)
        .map(([fields, index, how, by]) => {
          const entries = Object.entries(fields);
          const at = index % entries.length;
          const [name] = entries[at] ?? ['x'];
          if (how === 'drop') entries.splice(at, 1);
          else if (how === 'repeat') entries.push([name, by]);
          else entries[at] = [name, by];
          return encodeForm(entries);
        }),
    },
    { weight: 1, arbitrary: hopeless },
    {
      weight: 1,
      arbitrary: fc.constantFrom('text=%', 'text=%ff%fe', '&&&&', '=', `${'a=1&'.repeat(500)}`, 'text=%00'),
    },
  );

const hop = fc.record({
  sessionId: few('ATUid_made_up_', 200),
  phoneNumber: msisdn,
  networkCode: fc.constantFrom('63902', '63903', '99999', '1'),
  serviceCode: fc.constantFrom('*384*123#', '*384*123*1*2#', '*1#', '#'),
  text: dialled,
});
const ended = fc.record({
  sessionId: few('ATUid_made_up_', 200),
  phoneNumber: msisdn,
  status: fc.constantFrom('Success', 'Incomplete', 'Failed', 'Odd'),
});
const delivery = fc.record({
  id: few('ATXid_made_up_'),
  status: fc.constantFrom('Success', 'Failed', 'Sent', 'Odd'),
  phoneNumber: msisdn,
  retryCount: fc.constant('0'),
});
const incoming = fc.record({
  date: fc.constantFrom('2026-11-20 09:00:00', '2026-11-20T09:00:00Z', 'today'),
  from: msisdn,
  id: few('in-'),
  text: fc.constantFrom('HELP', 'STOP', ''),
  to: fc.constant('20384'),
});
const optOut = fc.record({ senderId: fc.constantFrom('MALIPO', 'X'), phoneNumber: msisdn });

const bill = fc.record({
  biller: fc.constantFrom('jua-power', 'maji-water', 'x'),
  account: fc.constantFrom('100200300', '04123456789', '9991234567', '<b>', ''),
  amount: fc.constantFrom('500', '', '1e5', '0', '99999999999999', '100.50'),
  phone: fc.constantFrom('0715000100', '+254715000101', '12345', '+1 555'),
});
/** None of it was issued by us. */
const ticket = fc.record({ ticket: fc.constantFrom('', 'x', '.', 'W10.AAAA', 'x'.repeat(3_000)) });

type Route = [path: string, type: string, body: fc.Arbitrary<string | Buffer>];

const ROUTES: readonly Route[] = [
  ['/ussd/africastalking/:key', FORM_TYPE, formBody(hop)],
  ['/ussd/africastalking/:key/ended', FORM_TYPE, formBody(ended)],
  ['/sms/africastalking/:key/delivery', FORM_TYPE, formBody(delivery)],
  ['/sms/africastalking/:key/incoming', FORM_TYPE, formBody(incoming)],
  ['/sms/africastalking/:key/opt-out', FORM_TYPE, formBody(optOut)],
  ['/callbacks/daraja/:key/stk/:token', JSON_TYPE, jsonBody(callback)],
  ['/callbacks/daraja/:key/stk', JSON_TYPE, jsonBody(callback)],
  ['/callbacks/daraja/:key/c2b/validation', JSON_TYPE, jsonBody(confirmation)],
  ['/callbacks/daraja/:key/c2b/confirmation', JSON_TYPE, jsonBody(confirmation)],
  ['/callbacks/daraja/:key/status/result/:token', JSON_TYPE, jsonBody(status)],
  ['/callbacks/daraja/:key/status/timeout/:token', JSON_TYPE, jsonBody(fc.constant({ made: 'up' }))],
  ['/pay', FORM_TYPE, formBody(bill)],
  ['/pay/confirm', FORM_TYPE, formBody(ticket)],
  ['/pay/:token', FORM_TYPE, fc.constant('')],
  ['/pay/:token/events', FORM_TYPE, fc.constant('')],
  ['/p/:token', FORM_TYPE, fc.constant('')],
  ['/static/:token', FORM_TYPE, fc.constant('')],
  ['/health/live', JSON_TYPE, fc.constant('')],
  ['/health/ready', JSON_TYPE, fc.constant('')],
  ['/nowhere/:key', JSON_TYPE, jsonBody(callback)],
];

const segment = odd.map((text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, 'x')));
const key = fc.oneof(
  { weight: 8, arbitrary: fc.constant(KEY) },
  { weight: 1, arbitrary: segment },
  { weight: 1, arbitrary: fc.constantFrom('DEMO', 'demo2', '%', '%2e%2e', 'demo%00') },
);
const token = fc.oneof(hex(40), segment, fc.constantFrom('a'.repeat(300), '%ff', '..'));
/** Rarely another method or type than the right one, so that most requests come as far as the body. */
const rightOr = (right: string, others: readonly string[]) =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
const METHODS = ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND', 'TRACE'];
const TYPES = [
  JSON_TYPE,
  FORM_TYPE,
  'text/plain',
  'multipart/form-data; boundary=x',
  '',
  'application/json; charset=utf-16',
  'application/xml',
];
const headers = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { 'content-encoding': 'gzip' },
      { 'content-encoding': 'identity' },
      { expect: '200-ok' },
      { 'x-forwarded-for': '1.2.3.4, unknown' },
      { cookie: 'a=b; c' },
      { 'x-http-method-override': 'DELETE' },
    ),
  },
);

const READ = /^\/(health|static|p|pay\/:token)(\/|$)/;

/** Requests at every route, most of them under the right key and nearly right. */
export function madeUpRequest(): fc.Arbitrary<MadeUp> {
  return fc.constantFrom(...ROUTES).chain(([pattern, type, body]) =>
    fc
      .record({
        body,
        key,
        token,
        headers,
        type: rightOr(type, TYPES),
        method: rightOr(READ.test(pattern) ? 'GET' : 'POST', METHODS),
        query: fc.constantFrom('', '', '', '?a=1', '?%ff'),
      })
      .map(({ body: given, key: secret, token: ending, headers: extra, type: contentType, method, query }) => ({
        method,
        path: pattern.replace(':key', () => secret).replace(':token', () => ending) + query,
        headers: { ...(contentType === '' ? {} : { 'content-type': contentType }), ...extra },
        body: given,
      })),
  );
}
