import type { Money, Msisdn } from '../../kernel/index.ts';

/** A utility as the menu needs it. */
export interface UssdBiller {
  id: string;
  name: string;
  kind: 'prepaid' | 'postpaid';
}

export type Lookup =
  | { kind: 'found'; account: string; holder: string; due: Money; dueDateMs?: number }
  | { kind: 'not-found' | 'closed' | 'malformed' | 'unavailable' | 'slow' };

export interface LinkView {
  id: string;
  billerId: string;
  account: string;
  /** Empty until the customer gives one. */
  nickname: string;
  /** Masked. */
  holder: string;
}

export interface PaymentView {
  id: string;
  reference: string;
  billerId: string | null;
  account: string;
  amount: Money;
  /** Its words are the text `states.<situation>`. */
  situation: string;
  /** Text id. */
  reason?: string;
  operatorReceipt?: string;
  createdAtMs: number;
  payer: Msisdn | null;
  dialler: Msisdn | null;
}

/** What a receipt that cannot come by SMS would have said. */
export interface UndeliveredReceipt {
  /** As they are printed, in the order to enter them. */
  tokens: readonly string[];
  units?: string;
  debtTaken?: Money;
  /** What is owed after the payment; negative: credit. */
  balance?: Money;
}

export type PaymentRequested =
  | { kind: 'requested' | 'held'; payment: PaymentView }
  | { kind: 'recent-same'; first: PaymentView; retryAtMs: number };

/** Money that an organisation has sent to who dials, and about which he was asked. */
export interface QuestionView {
  rowId: string;
  organisation: string;
  amount: Money;
  reference: string;
  paidAtMs: number;
  answer: 'yes' | 'no' | null;
}

export type PinCheck = { kind: 'right' } | { kind: 'wrong'; triesLeft: number } | { kind: 'locked'; untilMs: number };

/**
 * What the business does for the phone: the domain's functions with their deps bound. Each throws `Refusal` for a "no"
 * of the business. What is keyed by `turnKey` happens once however often a turn is run.
 */
export interface UssdDomain {
  /** Answers within `timeoutMs`: past it `slow`. */
  lookUpAccount(input: { billerId: string; account: string; timeoutMs: number; msisdn: Msisdn }): Promise<Lookup>;
  sendBillLater(input: {
    msisdn: Msisdn;
    language: string;
    billerId: string;
    account: string;
    turnKey: string;
  }): Promise<void>;
  /** The newest payment of the account that was made without us, of the last month. */
  findElsewhere(input: { billerId: string; account: string }): Promise<{ amount: Money; paidAtMs: number } | undefined>;
  listLinks(input: { msisdn: Msisdn }): Promise<readonly LinkView[]>;
  linkAccount(input: {
    msisdn: Msisdn;
    language: string;
    billerId: string;
    account: string;
    holder: string;
  }): Promise<'linked' | 'already'>;
  renameLink(input: { msisdn: Msisdn; linkId: string; nickname: string }): Promise<void>;
  unlink(input: { msisdn: Msisdn; linkId: string }): Promise<void>;
  findCustomer(input: {
    msisdn: Msisdn;
  }): Promise<{ language: string; hasPin: boolean; pinLockedUntilMs?: number; promptsBlocked: boolean } | undefined>;
  setLanguage(input: { msisdn: Msisdn; language: string }): Promise<void>;
  /** Refuses a PIN that may not be chosen. */
  judgeNewPin(input: { pin: string }): void;
  setPin(input: { msisdn: Msisdn; language: string; pin: string }): Promise<void>;
  removePin(input: { msisdn: Msisdn }): Promise<void>;
  setPromptBlock(input: { msisdn: Msisdn; language: string; blocked: boolean }): Promise<void>;
  /** Whether he hears of bills that are due. */
  wantsReminders(input: { msisdn: Msisdn }): Promise<boolean>;
  setReminders(input: { msisdn: Msisdn; language: string; wanted: boolean }): Promise<unknown>;
  checkPin(input: { msisdn: Msisdn; pin: string; turnKey: string }): Promise<PinCheck>;
  checkAmount(input: {
    billerId: string;
    account: string;
    amount: Money;
    dialler: Msisdn;
    payer: Msisdn;
  }): Promise<void>;
  checkPayer(input: { dialler: Msisdn; payerText: string }): Promise<Msisdn>;
  requestPayment(input: {
    /** Of this bill in this session. */
    turnKey: string;
    sessionKey: string;
    billerId: string;
    account: string;
    holder: string;
    amount: Money;
    dialler: Msisdn;
    payer: Msisdn;
    language: string;
  }): Promise<PaymentRequested>;
  promptNow(input: { sessionKey: string }): Promise<void>;
  getPayment(input: { id: string; msisdn: Msisdn }): Promise<PaymentView>;
  listPayments(input: { msisdn: Msisdn; limit: number }): Promise<readonly PaymentView[]>;
  paymentUnderWay(input: { msisdn: Msisdn }): Promise<PaymentView | undefined>;
  /** What he was asked and may answer: those without an answer first. */
  findQuestions(input: { msisdn: Msisdn }): Promise<readonly QuestionView[]>;
  answerQuestion(input: { msisdn: Msisdn; rowId: string; answer: 'yes' | 'no'; turnKey: string }): Promise<void>;
  sendReceiptAgain(input: { paymentId: string; msisdn: Msisdn; language: string; turnKey: string }): Promise<void>;
  /** Of a payment whose last receipt to this number was refused for good; undefined for any other. */
  findUndeliveredReceipt(input: { paymentId: string; msisdn: Msisdn }): Promise<UndeliveredReceipt | undefined>;
}
