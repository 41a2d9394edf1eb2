import { existsSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { AccountLinkSchema, ClosedAccountSchema } from './src/domain/accounts/index.ts';
import { ApprovalSchema, ApprovalVoteSchema } from './src/domain/approvals/index.ts';
import { AuditEntrySchema, AuditHeadSchema } from './src/domain/audit/index.ts';
import { CustomerSchema, KeptWishSchema } from './src/domain/customers/index.ts';
import { DialogPartSchema } from './src/domain/dialogs/index.ts';
import { ElsewhereFileSchema, ElsewherePaymentSchema } from './src/domain/elsewhere/index.ts';
import { ExportRunSchema } from './src/domain/exports/index.ts';
import { FundingEventSchema, FundingSchema, QuotationSchema } from './src/domain/funding/index.ts';
import { MailSchema } from './src/domain/mails/index.ts';
import { MessageSchema, SmsOptOutSchema } from './src/domain/messages/index.ts';
import { NoteSchema } from './src/domain/notes/index.ts';
import {
  ApiKeySchema,
  ApplicationEventSchema,
  DocumentPartSchema,
  IdempotentRequestSchema,
  OrganisationDocumentSchema,
  OrganisationEventSchema,
  OrganisationSchema,
  PaybillApplicationSchema,
} from './src/domain/organisations/index.ts';
import { PaymentEventSchema, PaymentSchema, PaymentTokenSchema } from './src/domain/payments/index.ts';
import { PayoutAnswerSchema } from './src/domain/payout-answers/index.ts';
import {
  BatchEventSchema,
  ClaimEventSchema,
  PayoutBatchSchema,
  PayoutClaimSchema,
  PayoutRowSchema,
  PayoutScheduleSchema,
  RowEventSchema,
  ScheduleEventSchema,
  ScheduleRunSchema,
} from './src/domain/payout-batches/index.ts';
import { PayoutListRowSchema, PayoutListSchema } from './src/domain/payout-lists/index.ts';
import { ErasureSchema } from './src/domain/privacy/index.ts';
import { AssignmentSchema } from './src/domain/queues/index.ts';
import {
  BreakEventSchema,
  BreakSchema,
  ReconAdjustmentSchema,
  ReconDaySchema,
  ReconResultSchema,
  ReconRunSchema,
  ReconTotalSchema,
  StatementFaultSchema,
  StatementRowSchema,
  StatementSchema,
} from './src/domain/reconciliation/index.ts';
import { RefundEventSchema, RefundSchema } from './src/domain/refunds/index.ts';
import { ReminderConsentSchema, ReminderRunSchema, ReminderSchema } from './src/domain/reminders/index.ts';
import {
  HourMessagesSchema,
  HourMovementsSchema,
  HourPaymentsSchema,
  HourScreensSchema,
  HourWaitsSchema,
  ReportProgressSchema,
} from './src/domain/reports/index.ts';
import { RetentionCountSchema, RetentionHeldSchema, RetentionPlaceSchema } from './src/domain/retention/index.ts';
import {
  FloatTieOutSchema,
  SettlementEventSchema,
  SettlementLineSchema,
  SettlementProgressSchema,
  SettlementSchema,
} from './src/domain/settlement/index.ts';
import {
  RecoveryCodeSchema,
  StaffInvitationSchema,
  StaffMemberSchema,
  StaffSessionSchema,
} from './src/domain/staff/index.ts';
import {
  EndpointChangeSchema,
  WebhookAttemptSchema,
  WebhookDeliverySchema,
  WebhookEndpointSchema,
  WebhookEventSchema,
  WebhookSecretSchema,
} from './src/domain/webhooks/index.ts';
import { OperatorBalanceSchema } from './src/money/floats/index.ts';
import { LedgerEntrySchema, LedgerPostingSchema } from './src/money/ledger/index.ts';
import { TransferEventSchema, TransferSchema } from './src/money/transfers/index.ts';
import { ArchivedContentSchema } from './src/platform/content-archive/index.ts';
import { dataSourceOptions, migrations, type SchemaParts } from './src/platform/database/index.ts';
import { InboxEventSchema } from './src/platform/inbox/index.ts';
import { OutboxRowSchema } from './src/platform/outbox/index.ts';
import { JobRunSchema } from './src/platform/scheduler/index.ts';

/** Every table of the service, and how it came to be: for the service and for TypeORM's command line. */
export const schema: SchemaParts = {
  entities: [
    OutboxRowSchema,
    InboxEventSchema,
    ArchivedContentSchema,
    JobRunSchema,
    LedgerEntrySchema,
    LedgerPostingSchema,
    TransferSchema,
    OperatorBalanceSchema,
    TransferEventSchema,
    CustomerSchema,
    KeptWishSchema,
    AccountLinkSchema,
    ClosedAccountSchema,
    MessageSchema,
    SmsOptOutSchema,
    PaymentSchema,
    PaymentEventSchema,
    PaymentTokenSchema,
    DialogPartSchema,
    ApprovalSchema,
    ApprovalVoteSchema,
    AuditEntrySchema,
    AuditHeadSchema,
    NoteSchema,
    RefundSchema,
    RefundEventSchema,
    AssignmentSchema,
    ExportRunSchema,
    ErasureSchema,
    RetentionPlaceSchema,
    RetentionHeldSchema,
    RetentionCountSchema,
    HourPaymentsSchema,
    HourWaitsSchema,
    HourMessagesSchema,
    HourScreensSchema,
    HourMovementsSchema,
    ReportProgressSchema,
    StaffMemberSchema,
    StaffSessionSchema,
    StaffInvitationSchema,
    RecoveryCodeSchema,
    ElsewherePaymentSchema,
    ElsewhereFileSchema,
    ReminderSchema,
    ReminderRunSchema,
    ReminderConsentSchema,
    BreakSchema,
    StatementSchema,
    StatementRowSchema,
    StatementFaultSchema,
    ReconRunSchema,
    ReconDaySchema,
    ReconTotalSchema,
    ReconResultSchema,
    ReconAdjustmentSchema,
    BreakEventSchema,
    WebhookEndpointSchema,
    EndpointChangeSchema,
    WebhookSecretSchema,
    WebhookEventSchema,
    WebhookDeliverySchema,
    WebhookAttemptSchema,
    MailSchema,
    SettlementSchema,
    SettlementLineSchema,
    SettlementEventSchema,
    SettlementProgressSchema,
    FloatTieOutSchema,
    PayoutListSchema,
    PayoutListRowSchema,
    OrganisationSchema,
    OrganisationEventSchema,
    PaybillApplicationSchema,
    ApplicationEventSchema,
    OrganisationDocumentSchema,
    DocumentPartSchema,
    ApiKeySchema,
    IdempotentRequestSchema,
    QuotationSchema,
    FundingSchema,
    FundingEventSchema,
    PayoutBatchSchema,
    PayoutAnswerSchema,
    BatchEventSchema,
    PayoutRowSchema,
    RowEventSchema,
    PayoutScheduleSchema,
    ScheduleRunSchema,
    ScheduleEventSchema,
    PayoutClaimSchema,
    ClaimEventSchema,
  ],
  migrations,
};

if (existsSync('.env')) process.loadEnvFile('.env');

const { DATABASE_URL, DATA_DIR } = process.env;

export default new DataSource(
  dataSourceOptions({ databaseUrl: DATABASE_URL || undefined, dataDir: DATA_DIR || 'var' }, schema),
);
