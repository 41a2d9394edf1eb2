import type { Runtime } from '../../kernel/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Outbox } from '../../platform/outbox/index.ts';
import type { FileSigner } from '../../platform/signing/index.ts';
import type { Texts } from '../../platform/texts/index.ts';
import type { BillerCatalogue } from '../billers/index.ts';
import type { FileWriter } from './files/index.ts';

export interface SettlementDeps {
  runtime: Runtime;
  database: Database;
  outbox: Outbox;
  log: Log;
  billers: BillerCatalogue;
  texts: Texts;
  /** Of what is printed. */
  defaultLanguage: string;
  operators: ReadonlyMap<string, { name: string; displayName: string }>;
  settlementSettings: SettlementSettings;
  writeFiles: FileWriter;
}

export interface SettlementSettings {
  /** Of billers that name none, and of the operators' accounts. */
  timeZone: string;
  /** Where files go: `<directory>/<biller>/<day>-v<version>.csv`. */
  directory: string;
  /** Who settles, as the files name it. */
  ourName: string;
  signer: FileSigner;
}
