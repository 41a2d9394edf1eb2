import type { PolicyBands } from '../../../domain/approvals/index.ts';
import type { ApiKey, Organisation } from '../../../domain/organisations/index.ts';
import type { Form } from '../organisation-form.ts';
import type { Visit } from '../visit.ts';

/** What the cards of an organisation's settings show. */
export interface SettingsProps {
  visit: Visit;
  organisation: Organisation;
  keys: readonly ApiKey[];
  /** Those that hold for it. */
  bands: PolicyBands;
  now: number;
  values: Form;
  note?: string | undefined;
  fault?: string | undefined;
  secret?: string | undefined;
}

export const pathOf = ({ organisation }: SettingsProps) => `/console/organisations/${organisation.id}`;
export const isOurAdministrator = ({ visit }: SettingsProps) => visit.isHouse && visit.may('administrator');
