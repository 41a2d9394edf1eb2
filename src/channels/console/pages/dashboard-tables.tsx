import type { ComponentChildren } from 'preact';
import { waitLabels } from '../dashboard/charts.ts';
import { type DashboardProps, percentOf } from '../dashboard/dashboard-props.ts';
import { costMinor, sharesBy, waitsInSteps } from '../dashboard/figures.ts';
import { billerName, operatorName } from './payment-table.tsx';
import { messageFamily } from './story.tsx';

/*
 * The figures behind the charts, for who hears a page instead of seeing it, and for who wants to know exactly.
 */

function Table({ heads, rows }: { heads: readonly string[]; rows: readonly (readonly ComponentChildren[])[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="scroll" tabIndex={0} aria-label={heads[0]}>
      <table class="rows">
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th key={head} scope="col" class={index === 0 ? undefined : 'number'}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, index) =>
                index === 0 ? (
                  <th key={index} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={index} class="number" data-label={heads[index]}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const countText = (language: string, value: number) => new Intl.NumberFormat(language).format(value);

/** Hours and days without any payment are left out. */
export function SlotTable({ visit, filters, figures }: DashboardProps) {
  const { say, money, time, text, language } = visit.words;
  const { currency, isByHour } = filters;
  const heads = ['time', 'payments', 'good', 'wait', 'bad', 'quiet', 'value'].map((name) =>
    say(`dashboard.column.${name}`),
  );
  const rows = figures.slots
    .filter(({ payments }) => payments > 0)
    .map(({ atMs, payments, byTone, amountMinor }) => [
      isByHour ? time(atMs) : text('console.dashboard.day', { day: new Date(atMs) }),
      ...[payments, byTone.good, byTone.wait, byTone.bad, byTone.quiet].map((count) => countText(language, count)),
      money({ amountMinor, currency }),
    ]);
  return <Table heads={heads} rows={rows} />;
}

export function ShareTable({
  desk,
  visit,
  filters,
  figures,
  by,
}: DashboardProps & { by: 'billerId' | 'operator' | 'state' }) {
  const { say, money, language } = visit.words;
  const shares = sharesBy(figures.shares, by, filters);
  const name = (id: string) => {
    if (by === 'state') return say(`state.${id}`);
    if (id === '') return say('dashboard.nobody');
    return by === 'billerId' ? billerName(desk, { billerId: id }) : operatorName(desk, id);
  };
  const most = Math.max(...shares.map(({ payments }) => payments), 1);
  const heads = [
    say(`dashboard.by.${by === 'billerId' ? 'biller' : by}`),
    say('dashboard.column.payments'),
    say('dashboard.column.value'),
    ...(by === 'state' ? [] : [say('dashboard.column.success')]),
  ];
  const rows = shares.map(({ id, payments, amountMinor, success }) => [
    <>
      {name(id)}
      <progress class="bar-of" max={most} value={payments} aria-hidden="true" />
    </>,
    countText(language, payments),
    money({ amountMinor, currency: filters.currency }),
    ...(by === 'state' ? [] : [success ? percentOf(language, success.share) : '-']),
  ]);
  return <Table heads={heads} rows={rows} />;
}

export function WaitTable({ visit, figures }: DashboardProps) {
  const { say, language } = visit.words;
  const labels = waitLabels(visit.words);
  const rows = waitsInSteps(figures.waits).flatMap((count, index) =>
    count === 0 ? [] : [[labels[index] ?? '', countText(language, count)]],
  );
  return (
    <details>
      <summary>{say('dashboard.as-table')}</summary>
      <Table heads={[say('dashboard.column.wait'), say('dashboard.column.receipts')]} rows={rows} />
    </details>
  );
}

export function MessageTable({ visit, figures }: DashboardProps) {
  const { say, name, money, language } = visit.words;
  const rows = byFamily(figures.messages).map(({ kind, currency, messages, segments, costE4 }) => [
    name('sms-kind', kind),
    countText(language, messages),
    countText(language, segments),
    currency === '' ? '-' : money({ amountMinor: costMinor({ currency, costE4 }), currency }),
  ]);
  const heads = ['kind', 'messages', 'segments', 'cost'].map((name) => say(`dashboard.column.${name}`));
  return <Table heads={heads} rows={rows} />;
}

/** Kinds that differ in what they add, such as receipts, as one; the most of them first. */
function byFamily(messages: DashboardProps['figures']['messages']) {
  const families = new Map<string, DashboardProps['figures']['messages'][number]>();
  for (const one of messages) {
    const kind = messageFamily(one.kind);
    const key = `${kind} ${one.currency}`;
    const so = families.get(key) ?? { ...one, kind, messages: 0, segments: 0, costE4: 0n };
    families.set(key, {
      ...so,
      messages: so.messages + one.messages,
      segments: so.segments + one.segments,
      costE4: so.costE4 + one.costE4,
    });
  }
  return [...families.values()].sort((one, other) => other.messages - one.messages);
}

export function FunnelTable({ visit, figures }: DashboardProps) {
  const { say, language } = visit.words;
  const { all, screens } = figures.sessions;
  const row = (name: ComponentChildren, { sessions, dropped, ended }: typeof all) => [
    name,
    ...[sessions, sessions - dropped - ended, ended, dropped].map((count) => countText(language, count)),
    percentOf(language, sessions === 0 ? 0 : dropped / sessions),
  ];
  const heads = ['screen', 'sessions', 'went-on', 'ended', 'dropped', 'drop-rate'].map((name) =>
    say(`dashboard.column.${name}`),
  );
  return (
    <details>
      <summary>{say('dashboard.as-table')}</summary>
      <Table
        heads={heads}
        rows={[
          ...screens.map((one) => row(visit.words.screen(one.screen), one)),
          row(say('dashboard.all-sessions'), all),
        ]}
      />
    </details>
  );
}

export function FloatTable({ desk, visit, figures }: DashboardProps) {
  const { say, money, time } = visit.words;
  return (
    <>
      {figures.floats.map(({ currency, floats, bankMinor, promised, promisedMinor, leftMinor }) => {
        const amount = (amountMinor: bigint) => money({ amountMinor, currency });
        return (
          <div key={currency} class="halves">
            <Table
              heads={[say('dashboard.column.have'), currency]}
              rows={[
                ...floats.map(({ operator, ledgerMinor, tieOut }) => [
                  <>
                    {say('dashboard.float-at', { operator: operatorName(desk, operator) })}
                    <small>
                      {tieOut
                        ? say('dashboard.float-tied', {
                            time: time(tieOut.asOfMs),
                            balance: amount(tieOut.operatorMinor),
                            rest: amount(tieOut.remainderMinor),
                          })
                        : say('dashboard.float-untied')}
                    </small>
                  </>,
                  amount(ledgerMinor),
                ]),
                ...(bankMinor === 0n ? [] : [[say('dashboard.bank'), amount(bankMinor)]]),
              ]}
            />
            <Table
              heads={[say('dashboard.column.promised'), currency]}
              rows={[
                ...promised.map(({ kind, amountMinor }) => [say(`dashboard.promised.${kind}`), amount(amountMinor)]),
                [say('dashboard.promised.all'), amount(promisedMinor)],
                [
                  <strong key="left">{say(leftMinor < 0n ? 'dashboard.missing' : 'dashboard.left')}</strong>,
                  <strong key="amount" class={leftMinor < 0n ? 'bad' : undefined}>
                    {amount(leftMinor)}
                  </strong>,
                ],
              ]}
            />
          </div>
        );
      })}
    </>
  );
}
