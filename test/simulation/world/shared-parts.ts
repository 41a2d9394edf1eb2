import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schema } from '../../../ormconfig.ts';
import { type MenuLibrary, openMenuLibrary } from '../../../src/channels/ussd/index.ts';
import { type BillerCatalogue, loadBillers } from '../../../src/domain/billers/index.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { type Config, loadConfig } from '../../../src/platform/config/index.ts';
import { openDatabase, sqlitePath } from '../../../src/platform/database/index.ts';
import { silentLog } from '../../../src/platform/log/index.ts';
import type { Texts } from '../../../src/platform/texts/index.ts';
import { BILLERS_FILE, loadAllTexts } from '../../../src/wiring/menus.ts';
import { menuSource } from '../../../src/wiring/ussd.ts';
import { GATEWAY_URL, PARTIES_URL } from './network.ts';

/** What no world changes, made once a process: the migrated template of the database, menus, texts, billers. */
export interface SharedParts {
  texts: Texts;
  billers: BillerCatalogue;
  menus: MenuLibrary;
  /** A directory with a fresh database; `drop` removes it. */
  freshStore(): { dataDir: string; drop(): void };
  close(): void;
}

/** Secrets of a world, written so that they are known again wherever they turn up. */
export const SECRETS = {
  AFRICASTALKING_CALLBACK_KEY: 'simulated-gateway-callback-key',
  DARAJA_CALLBACK_KEY: 'abcdef0123456789abcdef0123456789',
  AFRICASTALKING_API_KEY: 'simulated-africastalking-api-key',
  DARAJA_CONSUMER_KEY: 'simulated-consumer-key',
  DARAJA_CONSUMER_SECRET: 'simulated-consumer-secret',
  DARAJA_PASSKEY: 'simulated-passkey',
  DARAJA_SECURITY_CREDENTIAL: 'simulated-security-credential',
  DARAJA_B2C_SECURITY_CREDENTIAL: 'simulated-payout-credential',
  JUA_POWER_KEY: 'simulated-jua-power-key',
  MAJI_WATER_KEY: 'simulated-maji-water-key',
} as const;

export const SERVICE_CODE = '*384*123#';

export function configOf(dataDir: string, environment: Readonly<Record<string, string>>): Config {
  const billerIds = loadBillers(BILLERS_FILE)
    .all()
    .map(({ id }) => id);
  const config = loadConfig(
    {
      ...{ SIMULATORS: 'off', PUBLIC_URL: GATEWAY_URL, DATA_DIR: dataDir, DARAJA_URL: `${PARTIES_URL}/daraja` },
      AFRICASTALKING_SMS_URL: `${PARTIES_URL}/africastalking/version1/messaging`,
      ...{ JUA_POWER_URL: `${PARTIES_URL}/billers/jua-power`, MAJI_WATER_URL: `${PARTIES_URL}/billers/maji-water` },
      ...{ DATA_KEY: Buffer.alloc(32, 5).toString('hex'), CALLBACK_KEY: 'simulated-callback-key' },
      ...{ AFRICASTALKING_USERNAME: 'simulation', DARAJA_SHORT_CODE: '174379', DARAJA_INITIATOR: 'simulation' },
      ...{ AFRICASTALKING_SENDER_RECEIPTS: 'MALIPO', AFRICASTALKING_SENDER_REMINDERS: 'MALIPO_INFO' },
      // One account collects and pays, as on a shared paybill.
      ...{ DARAJA_B2C_SHORT_CODE: '174379', DARAJA_B2C_INITIATOR: 'simulation' },
      ...SECRETS,
      // Money that stays on its way is looked at again within the world, not two days later.
      ...{ DELAY_PAYER_MINUTES: '10', DELAY_STAFF_MINUTES: '20', DELAY_REFUND_MINUTES: '30' },
      ...environment,
    },
    billerIds,
  );
  // One process has no other whose work it must look for: it wakes when its own falls due.
  return { ...config, worker: { ...config.worker, outboxPollMs: 3_600_000 } };
}

export async function openSharedParts(): Promise<SharedParts> {
  const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'malipo-simulation-'));
  const template = join(root, 'template');
  const database = await openDatabase(systemRuntime, { databaseUrl: undefined, dataDir: template }, schema);
  await database.migrate();
  await database.close();
  const config = configOf(template, {});
  const { defaultLanguage, timeZone } = config.business;
  const billers = loadBillers(BILLERS_FILE);
  const archive = { save: async () => {}, load: async () => undefined };
  let worlds = 0;
  return {
    billers,
    texts: loadAllTexts({ defaultLanguage, timeZone }),
    menus: await openMenuLibrary({ ...menuSource(config.business, billers), archive, log: silentLog }),
    freshStore() {
      worlds += 1;
      const dataDir = join(root, `world-${worlds}`);
      mkdirSync(dataDir);
      copyFileSync(sqlitePath(template), sqlitePath(dataDir));
      return { dataDir, drop: () => rmSync(dataDir, { recursive: true, force: true }) };
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}
