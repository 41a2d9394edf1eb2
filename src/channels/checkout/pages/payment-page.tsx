import { maskMsisdn } from '../../../kernel/index.ts';
import type { CheckoutBiller, PaymentView } from '../checkout-domain.ts';
import type { Words } from '../words.ts';
import { type Assets, Facts, Frame, payAddress } from './frame.tsx';

export interface PaymentPageProps {
  words: Words;
  assets: Assets;
  supportPhone: string | undefined;
  operator: string;
  payment: PaymentView;
  biller: CheckoutBiller | undefined;
  token: string;
  refreshAfterS: number | undefined;
}

/** Nothing more happens by itself, or not soon. */
const SETTLED = new Set(['posted', 'refunded', 'failed', 'expired', 'suspense', 'refund-due']);
export const isSettled = ({ situation }: PaymentView): boolean => SETTLED.has(situation);

export function PaymentPage(props: PaymentPageProps) {
  const { words, assets, supportPhone, payment, token, refreshAfterS } = props;
  const { say, language } = words;
  const settled = isSettled(payment);
  return (
    <Frame
      words={words}
      assets={assets}
      supportPhone={supportPhone}
      title={say('payment.title')}
      scripts={settled ? [] : [assets.live]}
      refreshAfterS={refreshAfterS}
    >
      <div class="card">
        <div id="state" role="status" data-events={settled ? undefined : payAddress(language, `/pay/${token}/events`)}>
          <State {...props} />
        </div>
        <div id="facts">
          <PaymentFacts {...props} />
        </div>
        <div id="actions" class="actions">
          <Actions {...props} />
        </div>
      </div>
    </Frame>
  );
}

type Shown = Pick<PaymentPageProps, 'words' | 'operator' | 'payment' | 'biller' | 'token'>;

/** What a change sends to the page: the parts that change, by their ids. */
export function PaymentParts(props: Shown) {
  return (
    <>
      <div id="state">
        <State {...props} />
      </div>
      <div id="facts">
        <PaymentFacts {...props} />
      </div>
      <div id="actions">
        <Actions {...props} />
      </div>
    </>
  );
}

function Actions({ words, payment, token }: Shown) {
  const { say, language } = words;
  const settled = isSettled(payment);
  return (
    <>
      {!settled && (
        <a class="button" href={payAddress(language, `/pay/${token}`)}>
          {say('payment.refresh')}
        </a>
      )}
      <a class={settled ? 'button' : 'button second'} href={payAddress(language)}>
        {say('payment.another')}
      </a>
    </>
  );
}

const LOOKS: Readonly<Record<string, string>> = {
  posted: 'good',
  collected: 'good',
  'token-due': 'good',
  failed: 'bad',
  expired: 'bad',
};

function State({ words, operator, payment, biller }: Shown) {
  const { situation, reason, payer } = payment;
  const values = {
    operator,
    biller: biller?.name ?? '-',
    phone: maskMsisdn(payer ?? ''),
    kind: biller?.kind ?? 'other',
  };
  return (
    <div class={`note ${LOOKS[situation] ?? ''}`}>
      <h1>{words.say(`state.${situation}.title`, values)}</h1>
      {reason && words.has(reason) && situation !== 'held' && <p>{words.text(reason)}</p>}
      <p>{words.say(`state.${situation}.next`, values)}</p>
    </div>
  );
}

/** No token, and of the number only its end: whoever has the address of the page may not be its owner. */
function PaymentFacts({ words, payment, biller, operator }: Shown) {
  const { say } = words;
  const { amount, account, holder, payer, reference, operatorReceipt, createdAtMs, situation } = payment;
  return (
    <Facts
      facts={[
        [say('field.amount'), say('money', { amount }), 'sum'],
        [say('fact.money'), say(`state.${situation}.money`)],
        [say('fact.biller'), biller?.name ?? '-'],
        [say('fact.account'), account],
        [say('fact.holder'), holder],
        [say('fact.phone'), maskMsisdn(payer ?? '')],
        [say('fact.time'), say('time', { time: new Date(createdAtMs) })],
        [say('fact.reference'), reference],
        ...(operatorReceipt ? [[say('fact.receipt', { operator }), operatorReceipt] as const] : []),
      ]}
    />
  );
}
