export { checkGivenRows, fieldOfGiven, type GivenRow } from './check-given-rows.ts';
export { type CheckedRow, EXAMPLE_PHONE, type RowStanding } from './check-row.ts';
export { cleanStaleLists } from './discard-list.ts';
export { findListRows, type ListPage, type ListRowView } from './find-list-rows.ts';
export { freeLists, getList } from './find-lists.ts';
export type { ListColumn } from './find-names.ts';
export {
  FINDING_CODES,
  type Finding,
  type FindingCode,
  type FindingValues,
  type KeptFinding,
  LIST_FIELDS,
  type ListField,
  ListRefused,
  refusalOf,
  type Severity,
} from './finding.ts';
export { findingPlace, findingText, findingWords } from './finding-text.ts';
export type { PayoutListDeps } from './list-deps.ts';
export {
  type ListRules,
  LONGEST_CELL,
  MOST_LIST_ROWS,
  PAYOUT_PURPOSES,
  type PayableOperator,
  type PayoutPurpose,
} from './list-rules.ts';
export { type ListWords, loadListWords, type Network } from './list-words.ts';
export { type MendedRow, mendListRow } from './mend-list-row.ts';
export { openList } from './open-list.ts';
export {
  cellsOf,
  countsOf,
  findingsOf,
  findingsOfRow,
  makersOfList,
  namesOf,
  type PayoutList,
  type PayoutListRow,
  PayoutListRowSchema,
  PayoutListSchema,
  type PayoutListState,
  payoutListStates,
} from './payout-list.ts';
export { type ListPiece, readList } from './read-list.ts';
export { type GivenList, type ListOptions, type ListProgress, readPayoutList } from './read-payout-list.ts';
export { type MendedDeps, writeMendedList } from './write-mended.ts';
export { type ListFile, type ListWriterDeps, writeListTemplate } from './write-template.ts';
