import {
  type GivenContact,
  type GivenLimits,
  type Organisation,
  VOTING_ROLES,
} from '../../domain/organisations/index.ts';
import { PAYOUT_PURPOSES } from '../../domain/payout-lists/index.ts';
import { rangeOf } from '../../domain/search/index.ts';
import { formatDecimal } from '../../kernel/index.ts';
import type { Desk, Visit } from './visit.ts';

/*
 * What the forms of an organisation send, and what stands in them before.
 */

export type Form = Readonly<Record<string, string>>;

export const contactIn = (form: Form): GivenContact => ({
  ...{ name: form['contact-name'] ?? '', email: form['contact-email'] ?? '', phone: form['contact-phone'] ?? '' },
});

export const limitsIn = (form: Form): GivenLimits => ({
  ...{ least: form.least ?? '', most: form.most ?? '', mostBatch: form['most-batch'] ?? '' },
  ...{ mostDay: form['most-day'] ?? '', mostRows: form['most-rows'] ?? '' },
  purposes: PAYOUT_PURPOSES.filter((purpose) => form[`purpose-${purpose}`] === 'yes'),
});

/** An amount as one types it: `250000`, `12.50`. */
const typed = (amountMinor: bigint, currency: string): string =>
  formatDecimal({ amountMinor, currency }).replace(/\.0+$/, '');

export function valuesOf(organisation: Organisation): Form {
  const { name, language, currency, contactName, contactEmail, contactPhone, purposes, mostRows } = organisation;
  return {
    ...{ name, language, 'contact-name': contactName, 'contact-email': contactEmail, 'contact-phone': contactPhone },
    least: typed(organisation.leastMinor, currency),
    most: typed(organisation.mostMinor, currency),
    'most-batch': typed(organisation.mostBatchMinor, currency),
    'most-day': typed(organisation.mostDayMinor, currency),
    'most-rows': String(mostRows),
    ...Object.fromEntries(purposes.split(' ').map((purpose) => [`purpose-${purpose}`, 'yes'])),
    ...bandValues(organisation),
  };
}

/** What a form of limits holds before anything is typed. */
export const USUAL_LIMITS: Form = {
  ...{ least: '10', most: '250000', 'most-batch': '5000000', 'most-day': '10000000', 'most-rows': '100000' },
  ...Object.fromEntries(PAYOUT_PURPOSES.map((purpose) => [`purpose-${purpose}`, 'yes'])),
};

export const MOST_BANDS = 4;
export const MOST_STEPS = 3;
/** How many of whom a step asks for: `approver-2`, `approver+administrator-1`. */
export const STEPS = ['approver-1', 'approver-2', 'administrator-1', 'approver+administrator-1'] as const;

interface WrittenBand {
  name: string;
  upTo?: string;
  steps: { roles: readonly string[]; votes: number }[];
}

const numbers = (most: number) => Array.from({ length: most }, (_, index) => index + 1);

/** The bands of the form; null: those of everyone are to hold. What makes no sense is for the domain to refuse. */
export function bandsIn(form: Form): { bands: WrittenBand[] } | null {
  if (form['own-bands'] !== 'yes') return null;
  const bands = numbers(MOST_BANDS).flatMap((band) => {
    const upTo = (form[`band-${band}-up-to`] ?? '').trim().replaceAll(',', '');
    const steps = numbers(MOST_STEPS).flatMap((step) => readStep(form[`band-${band}-step-${step}`] ?? ''));
    return upTo === '' && steps.length === 0 ? [] : [{ name: `band-${band}`, ...(upTo === '' ? {} : { upTo }), steps }];
  });
  return { bands };
}

function readStep(text: string): WrittenBand['steps'] {
  const match = /^([a-z+]{1,60})-([1-5])$/.exec(text);
  if (!match) return [];
  const roles = (match[1] as string).split('+').filter((role) => (VOTING_ROLES as readonly string[]).includes(role));
  return [{ roles, votes: Number(match[2]) }];
}

function bandValues({ approvalBands }: Organisation): Form {
  if (approvalBands === null) return {};
  const { bands } = JSON.parse(approvalBands) as { bands: WrittenBand[] };
  const fields = bands
    .slice(0, MOST_BANDS)
    .flatMap(({ upTo = '', steps }, index) => [
      [`band-${index + 1}-up-to`, upTo],
      ...steps
        .slice(0, MOST_STEPS)
        .map(({ roles, votes }, step) => [`band-${index + 1}-step-${step + 1}`, `${roles.join('+')}-${votes}`]),
    ]);
  return { 'own-bands': 'yes', ...Object.fromEntries(fields) };
}

/** The end of a day that was chosen, by the business's clock; null: none was. */
export function dueIn({ deps }: Desk, { due = '' }: Form): number | null {
  return /^\d{4}-\d{2}-\d{2}$/.test(due) ? (rangeOf(due, deps.timeZone)?.toMs ?? null) : null;
}

/** That was chosen, else the reader's. */
export function languageIn({ form, words }: Visit): string {
  return words.languages.some(({ id }) => id === form.language) ? (form.language as string) : words.language;
}
