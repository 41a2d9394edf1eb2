import { existsSync } from 'node:fs';
import { loadBillers } from '../domain/billers/index.ts';
import { type Config, ConfigError, loadConfig } from '../platform/config/index.ts';
import { BILLERS_FILE } from './menus.ts';

/** Reads `.env` and the environment. What is wrong with them is one line for the person who starts it, and the end. */
export function readConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  try {
    const billerIds = loadBillers(BILLERS_FILE)
      .all()
      .map(({ id }) => id);
    return loadConfig(process.env, billerIds);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}
