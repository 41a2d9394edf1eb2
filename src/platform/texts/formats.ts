import type { Formats, Formatters } from 'intl-messageformat';
import { formatDecimal, invariant, type Money, minorDigits } from '../../kernel/index.ts';

/** Styles that a text may name: `{amount, number, money}`, `{when, date, stamp}`, `{when, date, moment}`, `{when, date, day}`, `{when, time, clock}`. */
export const STYLES: Readonly<Record<'number' | 'date' | 'time', readonly string[]>> = {
  number: ['money'],
  date: ['stamp', 'day', 'moment'],
  time: ['clock'],
};

type Format = { format(value: unknown): string };

/** The library hands a style's options to the formatter: our styles are told apart by a field of our own. */
export const FORMATS = {
  number: { money: { ours: 'money' } },
  date: { stamp: { ours: 'stamp' }, moment: { ours: 'moment' }, day: { ours: 'day' } },
  time: { clock: { ours: 'clock' } },
} as unknown as Partial<Formats>;

/** Makes the formatters of one language: every Intl object once, not once a text. */
export function makeFormatters(language: string, timeZone: string): Formatters {
  const money = moneyFormat(language);
  const count = numberFormat(language);
  const dates: Readonly<Record<string, Format>> = dateFormats(language, timeZone);
  const plurals = new Map<string, Intl.PluralRules>();
  const formatters = {
    getNumberFormat: (_: unknown, style?: { ours?: string }): Format => (style?.ours === 'money' ? money : count),
    getDateTimeFormat: (_: unknown, style?: { ours?: string }): Format =>
      dates[style?.ours ?? ''] ?? (dates.stamp as Format),
    getPluralRules(_: unknown, options?: Intl.PluralRulesOptions): Intl.PluralRules {
      const type = options?.type ?? 'cardinal';
      const rules = plurals.get(type) ?? new Intl.PluralRules(language, { type });
      plurals.set(type, rules);
      return rules;
    },
  };
  return formatters as unknown as Formatters;
}

/** `KES 1,250.00`, `1 250,00 KES`: the currency's code, since a symbol such as `Ksh` is not known everywhere. */
function moneyFormat(language: string): Format {
  const byCurrency = new Map<string, Intl.NumberFormat>();
  return {
    format(value) {
      const amount = value as Money;
      invariant(typeof amount?.amountMinor === 'bigint', 'a text formats as money what is not money');
      let format = byCurrency.get(amount.currency);
      if (!format) {
        const digits = minorDigits(amount.currency);
        format = new Intl.NumberFormat(language, {
          style: 'currency',
          currency: amount.currency,
          currencyDisplay: 'code',
          minimumFractionDigits: digits,
          maximumFractionDigits: digits,
        });
        byCurrency.set(amount.currency, format);
      }
      // A decimal string is formatted exactly; a double would round above 2^53.
      return format.format(formatDecimal(amount) as unknown as number);
    },
  };
}

function numberFormat(language: string): Format {
  const format = new Intl.NumberFormat(language);
  return {
    format(value) {
      invariant(typeof value === 'number', 'a text formats as a number what is not one');
      return format.format(value);
    },
  };
}

/** `22 Nov 14:05`, `22 Nov 14:05:09`, `22 Nov 2026` and `14:05`, with the language's short names of the months, on the business's clock. */
function dateFormats(language: string, timeZone: string): Record<string, Format> {
  const parts = new Intl.DateTimeFormat(language, {
    timeZone,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const read = (value: unknown): Record<string, string> => {
    invariant(value instanceof Date, 'a text formats as a date what is not a Date');
    return Object.fromEntries(parts.formatToParts(value).map((part) => [part.type, part.value]));
  };
  return {
    stamp: {
      format(value) {
        const { day, month, hour, minute } = read(value);
        return `${day} ${month} ${hour}:${minute}`;
      },
    },
    moment: {
      format(value) {
        const { day, month, hour, minute, second } = read(value);
        return `${day} ${month} ${hour}:${minute}:${second}`;
      },
    },
    day: {
      format(value) {
        const { day, month, year } = read(value);
        return `${day} ${month} ${year}`;
      },
    },
    clock: {
      format(value) {
        const { hour, minute } = read(value);
        return `${hour}:${minute}`;
      },
    },
  };
}
