import type { Timer } from '../../kernel/index.ts';
import type { SessionEnd } from '../handset/index.ts';
import type { Network } from './network.ts';

/** One USSD session as the network and the gateway see it. */
export interface Session {
  readonly id: string;
  readonly msisdn: string;
  readonly network: Network;
  /** Epoch ms. */
  readonly startedAt: number;
  state: 'waiting' | 'open' | 'closed';
  /** Every input so far, as the wire carries it. Can hold a PIN: never logged. */
  text: string;
  /** Whether the user has entered anything, in the dial string or after it. */
  hasInput: boolean;
  hops: number;
  answerMs: number;
  /** Epoch ms at which the network loses patience; while open. */
  idleUntil: number;
  lastScreen: string;
  /** The gateway's last answer as it came. */
  lastResponse: string;
  metadata: string[];
  end?: SessionEnd;
  why?: string;
  idleTimer?: Timer;
  sessionTimer?: Timer;
}
