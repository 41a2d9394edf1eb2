import type Router from '@koa/router';
import { type CallbackGuard, HttpError, readForm } from '../../platform/http/index.ts';
import type { Inbox } from '../../platform/inbox/index.ts';
import type { SmsProvider } from '../../providers/sms/index.ts';

export interface SmsChannelDeps {
  guard: CallbackGuard;
  inbox: Inbox;
  sms: SmsProvider;
  observe(kind: string, outcome: 'stored' | 'repeat' | 'refused'): void;
}

/** Kinds of an SMS provider's messages in the inbox. */
export const smsInboxKind = { delivery: 'delivery', incoming: 'incoming', optOut: 'opt-out' } as const;

/** One TEXT column of MariaDB. */
const LARGEST_KEPT_BYTES = 65_535;

type Fields = Readonly<Record<string, string>>;

/** Delivery reports, messages from customers and opt-outs: stored, answered 200, acted on afterwards. */
export function addSmsRoutes(router: Router, deps: SmsChannelDeps): void {
  const { sms } = deps;
  const base = '/sms/africastalking/:key';
  add(router, deps, `${base}/delivery`, smsInboxKind.delivery, (form) => sms.parseDeliveryReport(form) !== undefined);
  add(router, deps, `${base}/incoming`, smsInboxKind.incoming, (form) => sms.parseIncoming(form) !== undefined);
  add(router, deps, `${base}/opt-out`, smsInboxKind.optOut, (form) => sms.parseOptOut(form) !== undefined);
}

function add(
  router: Router,
  { guard, inbox, sms, observe }: SmsChannelDeps,
  path: string,
  kind: string,
  fits: (form: Fields) => boolean,
): void {
  router.post(path, async (ctx) => {
    guard(ctx, ctx.params.key);
    const { fields } = await readForm(ctx, { lineBreaks: true });
    if (!fits(fields)) {
      observe(kind, 'refused');
      throw new HttpError(400, 'not of the expected shape');
    }
    const body = JSON.stringify(fields);
    if (Buffer.byteLength(body) > LARGEST_KEPT_BYTES) throw new HttpError(413);
    const isNew = await inbox.keep({ provider: sms.name, kind, body });
    observe(kind, isNew ? 'stored' : 'repeat');
    ctx.type = 'text/plain';
    ctx.body = 'OK';
  });
}
