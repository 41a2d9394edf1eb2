import type { Money } from '../../../kernel/index.ts';
import type { Bill, CheckoutBiller } from '../checkout-domain.ts';
import type { BillValues } from '../read-bill.ts';
import type { Words } from '../words.ts';
import { type Assets, Facts, Frame, payAddress } from './frame.tsx';

export interface ConfirmPageProps {
  words: Words;
  assets: Assets;
  supportPhone: string | undefined;
  operator: string;
  biller: CheckoutBiller;
  bill: Bill;
  due: Money;
  ticket: string;
  /** To change them. */
  values: BillValues;
}

export function ConfirmPage(props: ConfirmPageProps) {
  const { words, assets, supportPhone, operator, biller, bill, due, ticket, values } = props;
  const { say, language } = words;
  return (
    <Frame words={words} assets={assets} supportPhone={supportPhone} title={say('confirm.title')}>
      <div class="card">
        <h1>{say('confirm.title')}</h1>
        <Facts
          facts={[
            [say('fact.biller'), biller.name],
            [say('fact.account'), bill.account],
            [say('fact.holder'), bill.holder],
            [say('fact.due'), due.amountMinor > 0n ? say('money', { amount: due }) : say('fact.nothing-due')],
            [say('fact.phone'), bill.payer],
            [say('fact.amount'), say('money', { amount: bill.amount }), 'sum'],
          ]}
        />
        <p>{say('confirm.prompt', { operator })}</p>
        <p>{say('confirm.receipt', { kind: biller.kind })}</p>
        <form class="actions" method="post" action={payAddress(language, '/pay/confirm')}>
          <input type="hidden" name="ticket" value={ticket} />
          <button type="submit">{say('confirm.yes', { operator })}</button>
        </form>
        <form class="actions" method="post" action={payAddress(language)}>
          {Object.entries({ ...values, edit: '1' }).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <button class="second" type="submit">
            {say('confirm.change')}
          </button>
        </form>
      </div>
    </Frame>
  );
}
