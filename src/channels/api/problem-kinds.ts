export interface ProblemKind {
  status: number;
  title: string;
  /** What it means and what helps. */
  about: string;
}

/** Every problem that the interface answers with, by its code. */
export const PROBLEMS: Readonly<Record<string, ProblemKind>> = {
  'request.malformed': {
    ...{ status: 400, title: 'The request cannot be read' },
    about: 'The body is not JSON, is not UTF-8, or was cut off. Nothing was done.',
  },
  'request.key-missing': {
    ...{ status: 400, title: 'Idempotency-Key is missing' },
    about:
      'Every POST carries a header Idempotency-Key of 1 to 100 visible characters: a name for this request that you use again when you repeat it, and for nothing else. Nothing was done.',
  },
  'request.unauthorised': {
    ...{ status: 401, title: 'The key is not known' },
    about: 'Send Authorization: Bearer and a key. It may have been replaced or withdrawn.',
  },
  'request.no-scope': {
    ...{ status: 403, title: 'The key may not do this' },
    about: 'The key lacks the scope that this address asks for. An administrator of your organisation makes keys.',
  },
  'request.not-found': {
    ...{ status: 404, title: 'There is no such thing' },
    about: 'The address does not exist, or nothing of your organisation has this id.',
  },
  'request.no-such-method': {
    ...{ status: 405, title: 'This address knows no such method' },
    about: 'The header Allow names those that it knows.',
  },
  'request.under-way': {
    ...{ status: 409, title: 'This request is under way' },
    about:
      'Another request with this Idempotency-Key has not been answered yet. Send the same request again after the seconds of Retry-After.',
  },
  'request.too-large': { ...{ status: 413, title: 'The body is too large' }, about: 'Send it in several parts.' },
  'request.not-json': {
    ...{ status: 415, title: 'The body is of another type' },
    about: 'Send application/json in UTF-8, not compressed.',
  },
  'request.invalid': {
    ...{ status: 422, title: 'The request does not fit' },
    about: 'errors names every place: pointer within the body, or parameter of the address. Nothing was done.',
  },
  'request.key-reused': {
    ...{ status: 422, title: 'Idempotency-Key was used for another request' },
    about: 'A key names one request: method, address and body, byte by byte. Take a new one for a new request.',
  },
  'request.refused': {
    ...{ status: 422, title: 'Refused' },
    about: 'Our rules do not allow this now; code says which. Nothing was changed.',
  },
  'request.too-many': {
    ...{ status: 429, title: 'Too many requests' },
    about: 'Wait for the seconds of Retry-After.',
  },
  'export.busy': {
    ...{ status: 503, title: 'Many files are being taken' },
    about: 'Wait a moment, and ask again.',
  },
  'service.failed': {
    ...{ status: 500, title: 'We have failed' },
    about: 'The fault is ours, and was logged. Send the same request again with the same Idempotency-Key.',
  },
  'webhook.address-refused': {
    ...{ status: 422, title: 'This address would not be called' },
    about:
      'It must begin with https://, be on the public internet, and hold no user name and no fragment; details.why says what is wrong.',
  },
  'webhook.endpoint-exists': {
    ...{ status: 409, title: 'This address is there already' },
    about: 'Your organisation has a webhook with this address.',
  },
  'webhook.endpoint-unchanged': {
    ...{ status: 409, title: 'It is in that state already' },
    about: 'Nothing was changed.',
  },
  'webhook.endpoint-disabled': {
    ...{ status: 409, title: 'The webhook is disabled' },
    about: 'Enable it first.',
  },
  'webhook.too-many-endpoints': {
    ...{ status: 409, title: 'There are as many webhooks as there can be' },
    about: 'details.most says how many an organisation may have.',
  },
  'webhook.too-many-secrets': {
    ...{ status: 409, title: 'As many secrets sign as can be' },
    about: 'details.most says how many sign at once. Wait until one of them ends.',
  },
  'batch.malformed-name': {
    ...{ status: 422, title: 'The name does not fit' },
    about: 'A batch has a name of 2 to 80 characters.',
  },
  'batch.purpose': {
    ...{ status: 422, title: 'Your organisation does not pay for this' },
    about: 'Its purposes were agreed with us; details.purpose names the one that was given.',
  },
  'batch.rows-refused': {
    ...{ status: 422, title: 'Some rows cannot be paid' },
    about: 'errors names the first hundred places. Nothing was kept of the request.',
  },
  'batch.too-many': {
    ...{ status: 422, title: 'Too many rows at once' },
    about: 'details.most says how many. Send them in several requests.',
  },
  'batch.rows-moved': {
    ...{ status: 409, title: 'Other rows have come meanwhile' },
    about: 'details.next is the number that the next row gets. Read the batch, and send what is missing.',
  },
  'batch.state': {
    ...{ status: 409, title: 'The batch is in another state' },
    about: 'details.state says in which.',
  },
  'batch.half-filled': {
    ...{ status: 409, title: 'A list was not put into the batch whole' },
    about: 'Somebody puts a list into it in the console, or began to. Nothing was changed. Wait until it is whole.',
  },
  'batch.empty': { ...{ status: 409, title: 'The batch has no rows' }, about: 'Add some first.' },
  'batch.reason-needed': {
    ...{ status: 422, title: 'Rows with warnings need a reason' },
    about: 'details.warnings says how many rows have one. Look at them, and submit with a reason that approvers read.',
  },
  'batch.no-policy': {
    ...{ status: 409, title: 'Nobody could approve so much' },
    about: 'The total is above the last band of what your organisation has agreed on. Divide the batch, or ask us.',
  },
  'batch.row': {
    ...{ status: 409, title: 'This row was not paid' },
    about:
      'A claim is of a row that was paid, and there is none with this number. Nothing was opened, and no money moved. Read the row: of one that is unknown we ask the operator ourselves, and one that failed is proven not to have been paid.',
  },
  'claim.open': {
    ...{ status: 409, title: 'There is a claim of this row' },
    about:
      'details.state says how far it is. Nothing was changed, and no money moved. It is among the claims of the batch.',
  },
  'schedule.name': {
    ...{ status: 422, title: 'The name does not fit' },
    about: 'A schedule has a name of 2 to 60 characters. Nothing was made or changed, and nothing is paid.',
  },
  'schedule.over': {
    ...{ status: 409, title: 'It would never be due' },
    about: 'Its day is over. Nothing was made or changed, and nothing is paid. Give a day to come.',
  },
  'schedule.source': {
    ...{ status: 409, title: 'Nobody has approved this batch' },
    about:
      'A schedule pays the people of a batch of yours that others have approved. Nothing was made or changed, and nothing is paid. Name such a batch, or have this one approved first.',
  },
  'schedule.too-many': {
    ...{ status: 409, title: 'There are as many schedules as there can be' },
    about:
      'details.most is how many may be there that have not ended. Nothing was made, and nothing is paid. End one first.',
  },
  'schedule.state': {
    ...{ status: 409, title: 'The schedule is in another state' },
    about: 'details.state says in which; one that has ended stays so. Nothing was changed, and no money moved.',
  },
  'funding.nothing': { ...{ status: 422, title: 'Nothing to be paid' }, about: 'A quotation is for one row at least.' },
  'funding.rows': { ...{ status: 422, title: 'So many rows cannot be quoted' }, about: 'details.most is the limit.' },
  'funding.whole-amounts': {
    ...{ status: 422, title: 'Operators move whole amounts only' },
    about: 'Give a total without a fraction.',
  },
  'funding.too-little': {
    ...{ status: 422, title: 'Too little for so many rows' },
    about: 'Every row gets one unit of the currency at least.',
  },
  'funding.past-bands': {
    ...{ status: 422, title: 'More than the operator pays at once' },
    about: 'The amount of one row is above the last band of its charges.',
  },
  'funding.amount': { ...{ status: 422, title: 'The amount does not fit' }, about: 'It must be more than nothing.' },
  'funding.order-number': {
    ...{ status: 422, title: 'The number of the order does not fit' },
    about: 'At most 40 letters, digits, spaces and . / _ # -',
  },
  'funding.quotations-today': {
    ...{ status: 409, title: 'Enough quotations for today' },
    about: 'details.most is the limit of one day.',
  },
  'funding.too-many-expected': {
    ...{ status: 409, title: 'Much money is announced and has not come' },
    about: 'details.most may wait at once.',
  },
  'funding.quotation-over': {
    ...{ status: 409, title: 'The quotation holds no more' },
    about: 'details.day was its last day. Ask for another one.',
  },
  'funding.quotation-used': {
    ...{ status: 409, title: 'Money was announced for this quotation' },
    about: 'details.reference is what that transfer carries.',
  },
  'funding.state': {
    ...{ status: 409, title: 'The money is in another state' },
    about: 'details.state says in which.',
  },
};
