import { type FloatGauge, heldBy } from '../../../domain/float-gauge/index.ts';
import type { Organisation } from '../../../domain/organisations/index.ts';
import type { Desk, Visit } from '../visit.ts';
import { Badge, Empty, Frame } from './frame.tsx';
import { operatorName } from './payment-table.tsx';

export interface GaugeProps {
  desk: Desk;
  visit: Visit;
  organisation: Organisation;
  /** Of all that is about its funding. */
  path: string;
  gauge: FloatGauge;
}

const REFRESH_S = 30;

/** The gauge alone, for a screen that is left open: it looks again by itself. */
export function GaugePage(props: GaugeProps) {
  const { visit, organisation, path } = props;
  const { say } = visit.words;
  return (
    <Frame visit={visit} title={`${say('funding.gauge')}: ${organisation.name}`} refreshAfterS={REFRESH_S}>
      <h1>{organisation.name}</h1>
      <GaugeCard {...props} />
      <WaitingCard {...props} />
      <p>
        <a href={path}>{say('funding.back')}</a>
      </p>
    </Frame>
  );
}

const SEGMENTS = ['own', 'reserved', 'fees'] as const;

/** What is there and what is set aside of it, as a picture and as figures. */
export function GaugeCard(props: GaugeProps) {
  const { visit, gauge } = props;
  const { say, money } = visit.words;
  const { currency, ownMinor, reservedMinor, feesMinor, incomingMinor, missingMinor } = gauge;
  const inMoney = (amountMinor: bigint) => money({ amountMinor, currency });
  const figures = { own: ownMinor, reserved: reservedMinor, fees: feesMinor };
  return (
    <section class="card" aria-labelledby="gauge">
      <h2 id="gauge">{say('funding.gauge')}</h2>
      <p class="headline">
        <strong>{inMoney(ownMinor)}</strong>
        {missingMinor > 0n && (
          <Badge tone="bad">{say('funding.missing', { amount: { amountMinor: missingMinor, currency } })}</Badge>
        )}
        {missingMinor === 0n && gauge.batches.length > 0 && <Badge tone="good">{say('funding.all-fit')}</Badge>}
      </p>
      <Bars {...props} />
      <dl class="facts">
        {SEGMENTS.map((name) => (
          <div key={name}>
            <dt>
              <i class={`swatch ${name}`} /> {say(`funding.${name}`)}
            </dt>
            <dd>{inMoney(figures[name])}</dd>
          </div>
        ))}
        <div class="sum">
          <dt>{say('funding.held')}</dt>
          <dd>{money(heldBy(gauge))}</dd>
        </div>
        <div>
          <dt>{say('funding.incoming')}</dt>
          <dd>{inMoney(incomingMinor)}</dd>
        </div>
      </dl>
      <Told {...props} />
    </section>
  );
}

/** Two bars of one scale: what is there, and what today's batches need of it. */
function Bars({ visit, gauge }: GaugeProps) {
  const { say, money } = visit.words;
  const { currency, ownMinor, reservedMinor, feesMinor, missingMinor, batches } = gauge;
  const needed = batches.reduce((sum, { needMinor, isPaused }) => (isPaused ? sum : sum + needMinor), 0n);
  const covered = needed - missingMinor;
  const positive = (amountMinor: bigint) => (amountMinor > 0n ? amountMinor : 0n);
  const has = [
    ['own', positive(ownMinor)],
    ['reserved', positive(reservedMinor)],
    ['fees', positive(feesMinor)],
  ] as const;
  const needs = [
    ['covered', positive(covered)],
    ['lacking', missingMinor],
  ] as const;
  const total = (parts: readonly (readonly [string, bigint])[]) => parts.reduce((sum, [, part]) => sum + part, 0n);
  const scale = [total(has), total(needs), 1n].reduce((most, one) => (one > most ? one : most));
  const words = say('funding.picture', {
    own: money({ amountMinor: ownMinor, currency }),
    held: money(heldBy(gauge)),
    needed: money({ amountMinor: needed, currency }),
  });
  return (
    <svg class="gauge" viewBox="0 0 100 9" preserveAspectRatio="none" role="img" aria-label={words}>
      <Bar parts={has} scale={scale} y={0} />
      <Bar parts={needs} scale={scale} y={5} />
    </svg>
  );
}

interface BarProps {
  parts: readonly (readonly [string, bigint])[];
  scale: bigint;
  y: number;
}

function Bar({ parts, scale, y }: BarProps) {
  let x = 0;
  return (
    <g>
      <rect class="ground" x={0} y={y} width={100} height={4} />
      {parts.map(([name, part]) => {
        const [left, width] = [x, Number((part * 10_000n) / scale) / 100];
        x += width;
        return <rect key={name} class={name} x={left} y={y} width={width} height={4} />;
      })}
    </g>
  );
}

/** What the operator says: of everybody's money, so for us alone. */
function Told({ desk, visit, organisation, gauge: { told, currency, ownMinor } }: GaugeProps) {
  const { say, time } = visit.words;
  const operator = operatorName(desk, organisation.operator);
  if (!visit.isHouse) return null;
  if (!told) return <p class="hint">{say('funding.not-told', { operator })}</p>;
  const { utilityMinor, reservedMinor, asOfMs, isOutdated } = told;
  const utility = { amountMinor: utilityMinor, currency };
  const reserved = { amountMinor: reservedMinor, currency };
  return (
    <p class="hint">
      {say('funding.told', { operator, time: time(asOfMs), utility, reserved })}{' '}
      {isOutdated && <Badge tone="wait">{say('funding.told-old')}</Badge>}{' '}
      {utilityMinor < reservedMinor + ownMinor && <Badge tone="bad">{say('funding.told-less')}</Badge>}
    </p>
  );
}

/** Approved for today, in the order in which their money is set aside. */
export function WaitingCard({ visit, gauge: { batches, currency } }: GaugeProps) {
  const { say, money } = visit.words;
  const [batch, need, fits] = ['batch', 'need', 'fits'].map((column) => say(`funding.column.${column}`));
  return (
    <section class="card" aria-labelledby="waiting">
      <h2 id="waiting">{say('funding.waiting')}</h2>
      {batches.length === 0 && <Empty>{say('funding.none-waits')}</Empty>}
      {batches.length > 0 && (
        <div class="scroll">
          <table class="rows">
            <thead>
              <tr>
                <th scope="col">{batch}</th>
                <th scope="col" class="number">
                  {need}
                </th>
                <th scope="col">{fits}</th>
              </tr>
            </thead>
            <tbody>
              {batches.map(({ id, number, name, needMinor, missingMinor, isPaused }) => (
                <tr key={id}>
                  <td data-label={batch}>
                    {number}
                    <small>{name}</small>
                  </td>
                  <td data-label={need} class="number">
                    {money({ amountMinor: needMinor, currency })}
                  </td>
                  <td data-label={fits}>
                    {isPaused && <Badge tone="quiet">{say('funding.paused')}</Badge>}
                    {!isPaused && missingMinor === 0n && <Badge tone="good">{say('funding.fits')}</Badge>}
                    {missingMinor > 0n && (
                      <Badge tone="bad">
                        {say('funding.missing', { amount: { amountMinor: missingMinor, currency } })}
                      </Badge>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
