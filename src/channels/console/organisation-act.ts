import { Refusal } from '../../kernel/index.ts';
import type { ConsoleRoute } from './console-route.ts';
import { reasonOf } from './form.ts';
import type { Desk, Visit } from './visit.ts';
import { refusalWords } from './words.ts';

/*
 * What the routes of one organisation share.
 */

export const ALL_ORGANISATIONS = '/console/organisations';
export const ONE_ORGANISATION = `${ALL_ORGANISATIONS}/:organisation`;

const LONGEST_ID = 36;
export const organisationIdOf = ({ ctx }: Visit): string => String(ctx.params.organisation).slice(0, LONGEST_ID);
/** Of something that belongs to it. */
export const idOf = ({ ctx }: Visit): string => String(ctx.params.id).slice(0, LONGEST_ID);
export const actOf = (visit: Visit) => ({ organisationId: organisationIdOf(visit), reason: reasonOf(visit.form) });

/** What a page shows beside what it is about. */
export interface Extra {
  fault?: string;
  /** What was sent and could not be done. */
  values?: Visit['form'];
  /** A key that was just made; it is shown once. */
  secret?: string;
}

export type Show = (desk: Desk, visit: Visit, extra: Extra) => Promise<void>;

/** An act on one organisation: what it did is told on `page` (of the organisation's pages), and whoever comes second is shown there how it stands. */
export function actRoute(
  name: string,
  who: Pick<ConsoleRoute, 'allow' | 'allowOrganisation'>,
  run: (desk: Desk, visit: Visit) => Promise<string>,
  { page, show }: { page: '' | '/settings'; show: Show },
): ConsoleRoute {
  return {
    ...{ method: 'post', path: `${ONE_ORGANISATION}/${name}`, ...who },
    async handle(desk, visit) {
      try {
        const done = await run(desk, visit);
        visit.goTo(`${ALL_ORGANISATIONS}/${organisationIdOf(visit)}${page}?done=${done}`);
      } catch (error) {
        if (!(error instanceof Refusal) || error.code === 'organisation.not-found') throw error;
        await show(desk, visit, { fault: refusalWords(visit.words, error), values: visit.form });
      }
    },
  };
}
