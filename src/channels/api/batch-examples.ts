/** As the document shows them, one for each thing that can be done to it. */
export const DRAFT_ID = '019ac000-0000-7000-8000-000000000010';
export const READY_ID = '019ac000-0000-7000-8000-000000000011';
export const SUBMITTED_ID = '019ac000-0000-7000-8000-000000000012';
export const PAID_ID = '019ac000-0000-7000-8000-000000000013';
export const SPARE_ID = '019ac000-0000-7000-8000-000000000014';

export const DRAFT = {
  ...{ id: DRAFT_ID, number: 'B7K2M9QX4T', name: 'Salaries November', purpose: 'salary', state: 'draft', version: 1 },
  ...{ rows: 2, total: '43500.00', charges: '0.00', fee: '0.00', tax: '0.00', currency: 'KES', hours: 'at-once' },
  ...{ stopped: null, leftOutRows: 0, leftOutTotal: '0.00' },
  ...{ notBefore: null, pause: null, createdAt: '2026-11-20T09:00:00.000Z', submittedAt: null, approvedAt: null },
  ...{ startedAt: null, finishedAt: null, closedAt: null },
};
export const GIVEN = [
  { phone: '+254711000101', amount: '20000.00', name: 'Achieng Otieno', reference: 'EMP-0017' },
  { phone: '0722000102', amount: '23500', name: 'Brian Kamau', reference: 'EMP-0018' },
];
export const ROW = {
  ...{ id: '019ac000-0000-7000-8000-000000000015', row: 1, state: 'paid', phone: '+254711000101', amount: '20000.00' },
  ...{
    currency: 'KES',
    name: 'Achieng Otieno',
    reference: 'EMP-0017',
    hasWarning: false,
    nameScore: 100,
    receipt: 'SKL7XW2P9Q',
  },
  ...{ failureCause: null, transfer: 'M3FT8BKJBA', attempts: 1, paidAt: '2026-11-20T09:15:01.000Z' },
  ...{ changedAt: '2026-11-20T09:15:02.114Z', answer: 'yes', answeredAt: '2026-11-20T10:02:41.007Z' },
};
