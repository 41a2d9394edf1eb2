import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { ConfigError, environment, loadConfig as load } from '../../../src/platform/config/index.ts';

const BILLERS = ['jua-power', 'maji-water'];
const loadConfig = (env: Record<string, string | undefined>) => load(env, BILLERS);

const LIVE: Readonly<Record<string, string>> = {
  SIMULATORS: 'off',
  PUBLIC_URL: 'https://pay.example.org/',
  CALLBACK_KEY: '3f9a6c1d5e2b48703f9a6c1d5e2b4870',
  DATA_KEY: 'ab'.repeat(32),
  AFRICASTALKING_USERNAME: 'malipo',
  AFRICASTALKING_API_KEY: 'live-api-key',
  DARAJA_CONSUMER_KEY: 'live-key',
  DARAJA_CONSUMER_SECRET: 'live-secret',
  DARAJA_SHORT_CODE: '600100',
  DARAJA_PASSKEY: 'live-passkey',
  DARAJA_INITIATOR: 'initiator',
  DARAJA_SECURITY_CREDENTIAL: 'credential',
  JUA_POWER_URL: 'https://jua.example.org/api',
  JUA_POWER_KEY: 'jua-key',
  MAJI_WATER_URL: 'https://maji.example.org/api',
  MAJI_WATER_KEY: 'maji-key',
};
const SHARED = { DATABASE_URL: 'mysql://malipo:x@db/malipo', REDIS_URL: 'redis://redis:6379' };

function refusal(env: Record<string, string | undefined>): string {
  try {
    loadConfig(env);
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    const { message } = error as Error;
    expect(message).not.to.contain('\n');
    return message;
  }
  throw new Error('it was accepted');
}

function without(name: string): Record<string, string | undefined> {
  return { ...LIVE, [name]: undefined };
}

describe('loadConfig', () => {
  it('needs nothing: embedded stores, simulators, demo values', () => {
    const config = loadConfig({});
    expect(config).to.deep.include({ role: 'all', simulators: true, production: false, logLevel: 'info' });
    expect(config.web).to.deep.include({ host: '127.0.0.1', port: 8080, publicUrl: 'http://127.0.0.1:8080' });
    expect(config.stores).to.deep.equal({ databaseUrl: undefined, redisUrl: undefined, dataDir: 'var' });
    expect(config.callbacks).to.deep.equal({
      africasTalkingKeys: ['demo'],
      africasTalkingNetworks: [],
      darajaKeys: ['demo'],
      darajaNetworks: [],
    });
    expect(config.dataKey).to.have.length(32);
    expect(config.daraja).to.deep.include({ url: 'http://127.0.0.1:8081/daraja', shortCode: '174379' });
    expect(config.africasTalking.smsUrl).to.equal('http://127.0.0.1:8081/africastalking/version1/messaging');
    expect(config.billers['jua-power']?.url).to.equal('http://127.0.0.1:8081/billers/jua-power');
    expect(config.billers['maji-water']?.url).to.equal('http://127.0.0.1:8081/billers/maji-water');
    expect(config.limits.customerDaily).to.deep.equal({ amountMinor: 15_000_000n, currency: 'KES' });
    expect(config.timing.inquiryDelaysMs).to.deep.equal([75_000, 180_000, 600_000, 1_800_000, 7_200_000]);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '', CALLBACK_KEY: '', TRUSTED_PROXIES: '' })).to.deep.equal(
      loadConfig({}),
    );
  });

  it('cannot be changed', () => {
    const config = loadConfig({});
    expect(() => Object.assign(config, { role: 'web' })).to.throw(TypeError);
    expect(() => Object.assign(config.limits.customerDaily, { amountMinor: 0n })).to.throw(TypeError);
    expect(() => (config.timing.inquiryDelaysMs as number[]).push(1)).to.throw(TypeError);
  });

  it('follows the simulator to where it is', () => {
    expect(loadConfig({ SIMULATOR_PORT: '9001' }).daraja.url).to.equal('http://127.0.0.1:9001/daraja');
    expect(loadConfig({ SIMULATOR_URL: 'http://simulator:8081/' }).daraja.url).to.equal('http://simulator:8081/daraja');
  });

  describe('SIMULATORS', () => {
    it('are off by themselves in production, on an open address and beside a live credential', () => {
      expect(refusal({ NODE_ENV: 'production' })).to.match(/^CALLBACK_KEY is required/);
      for (const HOST of ['0.0.0.0', '::', '192.168.1.5', 'gateway'])
        expect(refusal({ HOST })).to.match(/^CALLBACK_KEY /);
      expect(refusal({ AFRICASTALKING_API_KEY: 'x' })).to.match(/^CALLBACK_KEY /);
      expect(refusal({ DARAJA_CONSUMER_KEY: 'x' })).to.match(/^CALLBACK_KEY /);
      expect(refusal({ DARAJA_CONSUMER_SECRET: 'x' })).to.match(/^CALLBACK_KEY /);
      expect(refusal({ MAJI_WATER_KEY: 'x' })).to.match(/^CALLBACK_KEY /);
    });

    it('are on by themselves on every loopback address', () => {
      for (const HOST of ['127.0.0.1', 'localhost', '::1', '127.9.9.9'])
        expect(loadConfig({ HOST }).simulators).to.equal(true);
    });

    it('may be told to be on anywhere, but never beside a live credential', () => {
      expect(loadConfig({ SIMULATORS: 'on', NODE_ENV: 'production', HOST: '0.0.0.0' }).simulators).to.equal(true);
      const credentials = ['AFRICASTALKING_API_KEY', 'DARAJA_CONSUMER_KEY', 'DARAJA_CONSUMER_SECRET', 'JUA_POWER_KEY'];
      for (const name of credentials) {
        expect(refusal({ SIMULATORS: 'on', [name]: 'x' })).to.match(new RegExp(`^SIMULATORS .*${name} is set$`));
      }
    });

    it('are what the role simulator is', () => {
      expect(loadConfig({ ROLE: 'simulator', NODE_ENV: 'production', HOST: '0.0.0.0' }).simulators).to.equal(true);
      expect(refusal({ ROLE: 'simulator', SIMULATORS: 'off' })).to.match(/^SIMULATORS /);
      expect(refusal({ ROLE: 'simulator', DARAJA_CONSUMER_KEY: 'x' })).to.match(/^SIMULATORS /);
    });

    it('let own values stand beside the demo ones', () => {
      const config = loadConfig({ CALLBACK_KEY: 'abc', DARAJA_PASSKEY: 'own', DARAJA_URL: 'http://127.0.0.1:9/d' });
      expect(config.callbacks.darajaKeys).to.deep.equal(['abc']);
      expect(config.daraja).to.include({ passkey: 'own', url: 'http://127.0.0.1:9/d' });
    });
  });

  describe('live', () => {
    it('runs with everything set', () => {
      const config = loadConfig(LIVE);
      expect(config.simulators).to.equal(false);
      expect(config.web.publicUrl).to.equal('https://pay.example.org');
      expect(config.daraja.url).to.equal('https://api.safaricom.co.ke');
      expect(config.africasTalking.smsUrl).to.equal(undefined);
      expect(config.dataKey.toString('hex')).to.equal(LIVE.DATA_KEY);
    });

    for (const name of Object.keys(LIVE).filter((name) => name !== 'SIMULATORS')) {
      it(`refuses to start without ${name}, naming it`, () => {
        expect(refusal(without(name))).to.match(new RegExp(`^${name} `));
      });
    }

    it('asks the web role only for what it uses', () => {
      const { DARAJA_PASSKEY, DARAJA_CONSUMER_SECRET, AFRICASTALKING_API_KEY, ...rest } = LIVE;
      expect(loadConfig({ ...rest, ...SHARED, ROLE: 'web' }).daraja.passkey).to.equal('');
      expect(refusal({ ...rest, ...SHARED, ROLE: 'worker' })).to.match(/^AFRICASTALKING_API_KEY /);
      expect(refusal({ ...without('DARAJA_SHORT_CODE'), ...SHARED, ROLE: 'web' })).to.match(/^DARAJA_SHORT_CODE /);
    });

    it('pays people with all that it takes, or with none of it', () => {
      const payouts = { shortCode: '600996', initiator: 'payer', securityCredential: 'c' };
      const all = {
        DARAJA_B2C_SHORT_CODE: '600996',
        DARAJA_B2C_INITIATOR: 'payer',
        DARAJA_B2C_SECURITY_CREDENTIAL: 'c',
      };
      expect(loadConfig(LIVE).daraja.payouts).to.equal(undefined);
      expect(loadConfig({ ...LIVE, ...all }).daraja.payouts).to.deep.equal(payouts);
      for (const name of Object.keys(all)) {
        const lacking = Object.fromEntries(Object.entries(all).filter(([one]) => one !== name));
        expect(refusal({ ...LIVE, ...lacking })).to.match(new RegExp(`^${name} is required`));
      }
      expect(refusal({ ...LIVE, ...all, DARAJA_B2C_SHORT_CODE: '12' })).to.match(/^DARAJA_B2C_SHORT_CODE /);
      expect(loadConfig({ DARAJA_SHORT_CODE: '600000' }).daraja.payouts?.shortCode).to.equal('600000');
    });

    it('wants callback keys of 16 characters, each of them', () => {
      expect(refusal({ ...LIVE, CALLBACK_KEY: 'demo' })).to.match(/^CALLBACK_KEY must be at least 16/);
      expect(refusal({ ...LIVE, CALLBACK_KEY_PREVIOUS: 'short' })).to.match(/^CALLBACK_KEY_PREVIOUS /);
      expect(refusal({ ...LIVE, DARAJA_CALLBACK_KEY: 'short' })).to.match(/^DARAJA_CALLBACK_KEY /);
    });

    it('wants https where the live operator calls back', () => {
      expect(refusal({ ...LIVE, PUBLIC_URL: 'http://pay.example.org' })).to.match(/^PUBLIC_URL must be the https/);
      const sandbox = { ...LIVE, PUBLIC_URL: 'http://127.0.0.1:8080', DARAJA_URL: 'http://127.0.0.1:9000' };
      expect(loadConfig(sandbox).daraja.url).to.equal('http://127.0.0.1:9000');
    });
  });

  it('gives each party its own keys, else the common ones', () => {
    const { callbacks } = loadConfig({
      CALLBACK_KEY: 'common',
      CALLBACK_KEY_PREVIOUS: 'before',
      DARAJA_CALLBACK_KEY: 'own',
    });
    expect(callbacks.africasTalkingKeys).to.deep.equal(['common', 'before']);
    expect(callbacks.darajaKeys).to.deep.equal(['own', 'before']);
  });

  it('refuses several processes that would share nothing', () => {
    for (const ROLE of ['web', 'worker']) {
      expect(refusal({ ROLE, REDIS_URL: SHARED.REDIS_URL })).to.match(/^DATABASE_URL is required when ROLE is /);
      expect(refusal({ ROLE, DATABASE_URL: SHARED.DATABASE_URL })).to.match(/^REDIS_URL is required when ROLE is /);
      expect(loadConfig({ ROLE, ...SHARED }).role).to.equal(ROLE);
    }
    expect(loadConfig({ DATABASE_URL: SHARED.DATABASE_URL }).stores.redisUrl).to.equal(undefined);
    expect(loadConfig({ REDIS_URL: SHARED.REDIS_URL }).stores.databaseUrl).to.equal(undefined);
  });

  for (const [name, value] of [
    ['ROLE', 'both'],
    ['PORT', '80a'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['HOST', 'a b'],
    ['LOG_LEVEL', 'loud'],
    ['SIMULATORS', 'yes'],
    ['PUBLIC_URL', 'pay.example.org'],
    ['PUBLIC_URL', 'ftp://pay.example.org'],
    ['DATABASE_URL', 'postgres://db/x'],
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'redis://a:1,http://b'],
    ['DATA_KEY', 'too short'],
    ['CALLBACK_KEY', 'with/slash'],
    ['CALLBACK_NETWORKS', '10.0.0.0/40'],
    ['TRUSTED_PROXIES', '10.0.0.1,proxy'],
    ['COUNTRY', 'Kenya'],
    ['CURRENCY', 'shilling'],
    ['TIME_ZONE', 'Mars/Olympus'],
    ['SERVICE_CODE', '384'],
    ['DARAJA_SHORT_CODE', '12x'],
    ['LIMIT_OPERATOR_MAX', '1e5'],
    ['LIMIT_CUSTOMER_DAILY', '-5'],
    ['RULE_ACCOUNTS_ACTION', 'ignore'],
    ['INQUIRY_DELAYS_S', '180,75'],
    ['INQUIRY_DELAYS_S', 'soon'],
    ['WORKER_CONCURRENCY', '0'],
    ['HOP_TIMEOUT_MS', '5s'],
  ] as const) {
    it(`refuses ${name}=${value} in one line that names it and does not repeat it`, () => {
      const message = refusal({ [name]: value });
      expect(message).to.match(new RegExp(`^${name} `));
      if (value.length > 5) expect(message).not.to.contain(value);
    });
  }

  it('refuses a currency whose minor unit is not known, and cents where there are none', () => {
    expect(refusal({ CURRENCY: 'USD' })).to.match(/^CURRENCY /);
    expect(refusal({ CURRENCY: 'UGX', LIMIT_OPERATOR_MIN: '0.50' })).to.match(/^LIMIT_OPERATOR_MIN /);
  });
});

describe('.env.example', () => {
  const lines = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8').split('\n');
  const documented = new Map<string, { value: string; comment: string }>();
  let comment = '';
  for (const line of lines) {
    const variable = /^#?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    if (variable?.[1]) documented.set(variable[1], { value: (variable[2] ?? '').replace(/^"(.*)"$/, '$1'), comment });
    else if (line.startsWith('# ')) comment = line;
    else comment = '';
  }

  it('documents every variable, and no other', () => {
    const ofBillers = ['JUA_POWER', 'MAJI_WATER'].flatMap((id) => [`${id}_URL`, `${id}_KEY`, `${id}_REPORT_KEY`]);
    const known = [...Object.keys(environment.shape), ...ofBillers].sort();
    expect([...documented.keys()].sort()).to.deep.equal(known);
  });

  it('has a comment at every variable', () => {
    const bare = [...documented].filter(([, { comment: above }]) => above === '').map(([name]) => name);
    expect(bare).to.deep.equal([]);
  });

  it('shows the defaults that the schema has', () => {
    for (const [name, field] of Object.entries(environment.shape)) {
      const { type, defaultValue } = field._zod.def as { type: string; defaultValue?: unknown };
      if (type === 'prefault') expect(documented.get(name)?.value, name).to.equal(defaultValue);
    }
  });

  it('is accepted with its empty values uncommented', () => {
    expect(
      loadConfig(
        Object.fromEntries([...documented].filter(([, { value }]) => value === '').map(([name]) => [name, ''])),
      ),
    ).to.be.an('object');
  });
});
