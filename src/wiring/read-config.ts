import { existsSync } from 'node:fs';
import { loadBillers } from '../domain/billers/index.ts';
import { type Config, ConfigError, loadConfig } from '../platform/config/index.ts';
import { drawPorts } from './any-port.ts';
import { BILLERS_FILE } from './menus.ts';

/** Variables that hold a secret, or may: an address of a store has a password in it. */
const SECRET = /(^|_)(KEY|KEY_PREVIOUS|SECRET|PASSKEY|CREDENTIAL|PASSWORD)$|^(DATABASE|REDIS)_URL$/;

function readEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/** The same for a process that listens: where a port is 0, one that is free. */
export async function readConfigToListen(): Promise<Config> {
  readEnvFile();
  await drawPorts(process.env);
  return readConfig();
}

/**
 * Reads `.env` and the environment. What is wrong with them is one line for the person who starts it, and the end. Secrets leave
 * the environment once they are read: node writes it into its reports, and every child process inherits it.
 */
export function readConfig(): Config {
  readEnvFile();
  try {
    const billerIds = loadBillers(BILLERS_FILE)
      .all()
      .map(({ id }) => id);
    const config = loadConfig(process.env, billerIds);
    for (const name of Object.keys(process.env)) if (SECRET.test(name)) delete process.env[name];
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}
