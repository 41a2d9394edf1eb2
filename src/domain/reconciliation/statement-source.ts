import type { StatementReading } from '../../providers/statements/index.ts';
import type { StatementSide } from './statement.ts';

/** A statement that can be read, whatever it comes from. */
export interface StatementSource {
  side: StatementSide;
  /** The operator's name or the biller's id. */
  party: string;
  source: 'pull' | 'api' | 'file' | 'folder';
  currency: string;
  /** IANA name: whose calendar the days of its lines are of. */
  timeZone: string;
  fileName?: string;
  /** SHA-256 of a file's bytes, in hex. */
  contentHash?: string;
  /** Begins at the first line, each time it is called. */
  read(): StatementReading;
}
