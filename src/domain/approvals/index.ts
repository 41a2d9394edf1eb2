export {
  type Approval,
  ApprovalSchema,
  type ApprovalState,
  type ApprovalVote,
  ApprovalVoteSchema,
  approvalStates,
} from './approval.ts';
export {
  castVote,
  castVoteWithin,
  makersOf,
  mayVote,
  policyOf,
  type Vote,
  type Voter,
  withdrawApproval,
} from './cast-vote.ts';
export { type ApprovalDeps, approvalEvent } from './deps.ts';
export { countPending, eachPending } from './each-approval.ts';
export {
  findApproval,
  listPending,
  outdateApproval,
  type PendingApproval,
  votesOf,
} from './list-approvals.ts';
export { type ApprovalBands, loadApprovalBands } from './load-bands.ts';
export { type Policy, type PolicyBands, type PolicyStep, parseBands, policyFor, policySchema } from './policy.ts';
export { type Submission, submitApproval } from './submit-approval.ts';
