import type { StaffRole } from '../../src/domain/staff/index.ts';

type Role = Extract<StaffRole, 'initiator' | 'approver' | 'administrator'>;
const MAKES: readonly Role[] = ['initiator'];
const MINDS: readonly Role[] = ['initiator', 'administrator'];
const RULES: readonly Role[] = ['administrator'];
const STOPS: readonly Role[] = ['administrator', 'approver'];
const ANY: readonly Role[] = ['initiator', 'approver', 'administrator'];
const OURS: readonly Role[] = [];

/** What people of an organisation may do there, by address and role, as it was agreed: written down a second time, so that a change of it is seen. */
export const ORGANISATION_ACTS: Readonly<Record<string, readonly Role[]>> = {
  ...of(OURS, 'activate suspend resume application application/move limits bands credential credential/drop'),
  ...of(OURS, 'funding/:funding/claim funding/:funding/confirm funding/:funding/decline'),
  ...of(OURS, 'claims/:claim/ask claims/:claim/grant claims/:claim/refuse claims/:claim/return'),
  ...of(STOPS, 'stop'),
  ...of(RULES, 'documents documents/:id/withdraw contact news keys keys/:id/rotate keys/:id/withdraw'),
  ...of(RULES, 'claims/:claim/dismiss people people/:id/roles people/:id/invite people/:id/unlock'),
  ...of(RULES, 'people/:id/disable people/:id/enable'),
  ...of(MINDS, 'funding funding/quotations funding/:funding/order funding/:funding/cancel'),
  ...of(MINDS, 'batches/:batch/cancel batches/:batch/resume batches/:batch/stop batches/:batch/close'),
  ...of(MINDS, 'schedules/:schedule/resume schedules/:schedule/end'),
  ...of(ANY, 'batches/:batch/pause batches/:batch/rows/:row/claim claims/:claim/open'),
  ...of(ANY, 'schedules/:schedule/pause schedules/:schedule/standing/end'),
  ...of(MAKES, 'batches batches/:batch/check batches/:batch/submit batches/:batch/reopen batches/:batch/retry'),
  ...of(MAKES, 'batches/:batch/rows/exclude batches/:batch/rows/include batches/:batch/rows/retry'),
  ...of(MAKES, 'batches/:batch/replace batches/:batch/lists batches/:batch/lists/:list/rows/:row'),
  ...of(MAKES, 'batches/:batch/lists/:list/fill schedules schedules/:schedule/change schedules/:schedule/standing'),
};

function of(roles: readonly Role[], paths: string): Record<string, readonly Role[]> {
  return Object.fromEntries(paths.split(' ').map((path) => [path, roles]));
}
