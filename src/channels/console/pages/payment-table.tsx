import type { Payment } from '../../../domain/payments/index.ts';
import { maskMsisdn } from '../../../kernel/index.ts';
import { PAYMENT_TONES } from '../tones.ts';
import type { Desk, Visit } from '../visit.ts';
import { Badge } from './frame.tsx';

/** Payments, a line each. The whole line leads to the payment. */
export function PaymentTable({ desk, visit, payments }: { desk: Desk; visit: Visit; payments: readonly Payment[] }) {
  const { say, money, time } = visit.words;
  return (
    <div class="scroll">
      <table class="rows brief">
        <thead>
          <tr>
            <th scope="col">{say('payment.time')}</th>
            <th scope="col">{say('payment.reference')}</th>
            <th scope="col">{say('payment.biller')}</th>
            <th scope="col" class="number">
              {say('payment.amount')}
            </th>
            <th scope="col">{say('payment.who')}</th>
            <th scope="col">{say('payment.state')}</th>
          </tr>
        </thead>
        <tbody>
          {payments.map((payment) => (
            <tr key={payment.id}>
              <td>{time(payment.createdAtMs)}</td>
              <td>
                <a href={`/console/payments/${payment.id}`}>{payment.reference}</a>
              </td>
              <td>
                {billerName(desk, payment)} {payment.account}
              </td>
              <td class="number">{money(payment)}</td>
              <td>{customerOf(payment) ?? say('payment.unknown-payer')}</td>
              <td>
                <Badge tone={PAYMENT_TONES[payment.state]}>{say(`state.${payment.state}`)}</Badge>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Who dialled; where nobody did (paybill, web), who paid. */
function customerOf({ dialler, payer }: Payment): string | undefined {
  const msisdn = dialler ?? payer;
  return msisdn === null ? undefined : maskMsisdn(msisdn);
}

/** As people know it. */
export function operatorName({ deps }: Desk, operator: string): string {
  return deps.operators.find(({ id }) => id === operator)?.name ?? operator;
}

export function billerName({ deps }: Desk, { billerId }: Pick<Payment, 'billerId'>): string {
  return deps.billers.find(({ id }) => id === billerId)?.name ?? '-';
}
