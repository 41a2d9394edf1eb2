import type { SmsProvider } from '../../../src/providers/sms/index.ts';

/** What can happen to a message that is sent. */
export type SmsFate =
  | 'accepted'
  /** The request succeeds and the recipient is refused for good. */
  | 'blacklisted'
  /** The request succeeds and the recipient is refused for now: no balance, no route, a fault of the gateway. */
  | 'not-now'
  | 'http-500'
  | 'html'
  | 'lost-answer'
  | 'hang'
  /** Our credentials are refused. */
  | 'wrong-key';

/** An SMS provider's other side, recorded or simulated, that a contract suite drives. */
export interface SmsWorld {
  provider: SmsProvider;
  /** A secret that must never come out of the adapter. */
  secret: string;
  /** Decides what becomes of the messages that follow. */
  arrange(fate: SmsFate): Promise<void>;
  /** The texts that reached the provider, in order. */
  texts(): Promise<string[]>;
  /** The same adapter, pointed at an address where nothing listens. */
  unreachable(): Promise<SmsProvider>;
  stop(): Promise<void>;
}
