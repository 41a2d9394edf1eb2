import { EntitySchema } from 'typeorm';
import type { Msisdn } from '../../kernel/index.ts';
import { column } from '../../platform/database/index.ts';

/** How a session ended: by a screen of ours, or in the gateway's words; `open` while neither is known. */
export type DialogEnd = 'open' | 'ended' | 'success' | 'incomplete' | 'failed';

/** Hops of one session that one process answered within some seconds. A session is all parts of its key. */
export interface DialogPart {
  id: string;
  /** Gateway and session id, as payments keep it. */
  sessionKey: string;
  msisdn: Msisdn;
  /** Empty when this part only tells of the end. */
  network: string;
  /** When the first and the last of these hops were answered. */
  fromMs: number;
  toMs: number;
  hops: number;
  /** Of the last hop; null when this part only tells of the end. */
  lastScreen: string | null;
  endedAs: DialogEnd;
  /** Screens in the order they were shown, `screen@milliseconds since fromMs`, separated by spaces. */
  path: string;
}

export const DialogPartSchema = new EntitySchema<DialogPart>({
  name: 'dialog_part',
  columns: {
    id: column.id(),
    sessionKey: { ...column.varchar(160), name: 'session_key' },
    msisdn: column.msisdn(),
    network: column.varchar(16),
    fromMs: { ...column.instant(), name: 'from_at' },
    toMs: { ...column.instant(), name: 'to_at' },
    hops: column.count(),
    lastScreen: { ...column.varchar(64, { nullable: true }), name: 'last_screen' },
    endedAs: { ...column.varchar(12), name: 'ended_as' },
    path: column.text(),
  },
  indices: [
    { name: 'dialog_part_session', columns: ['sessionKey'] },
    { name: 'dialog_part_msisdn', columns: ['msisdn', 'fromMs'] },
    { name: 'dialog_part_time', columns: ['fromMs'] },
  ],
});
