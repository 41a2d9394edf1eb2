import { expect } from 'chai';
import { systemClock } from '../../../src/kernel/index.ts';
import {
  AddressRefusedError,
  dnsResolver,
  guardedHttpPort,
  type HttpPort,
  makeHttpPort,
  makeNetworks,
  mayBeReached,
} from '../../../src/platform/http/index.ts';
import { startDnsServer } from '../../support/dns-server.ts';
import { type Receiver, startReceiver } from '../../support/webhook-receiver.ts';

const unreachable: HttpPort = {
  request: async ({ url }) => {
    throw new Error(`${url} was called`);
  },
};

const guard = (options: { http?: HttpPort; servers?: string[]; allowed?: string[] } = {}) =>
  guardedHttpPort({
    clock: systemClock,
    http: options.http ?? unreachable,
    resolve: dnsResolver(options.servers),
    allowed: makeNetworks(options.allowed ?? []),
  });

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AddressRefusedError) return error.why;
    throw error;
  }
  return 'called';
}

const request = (url: string) => ({ method: 'POST', url, body: '{}', timeoutMs: 5_000 }) as const;

describe('the guarded HTTP port', () => {
  const PRIVATE = [
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://2130706433/',
    'https://127.0.0.1./',
    'https://0.0.0.0/',
    'https://localhost/',
    'https://anything.localhost/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://192.0.0.192/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::127.0.0.1]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[fd00:ec2::254]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:db8::1]/',
    'https://[ff02::1]/',
  ];
  for (const url of PRIVATE) {
    it(`does not call ${url}`, async () => {
      expect(await refusalOf(guard().check(url))).to.equal('private-network');
      expect(await refusalOf(guard().request(request(url)))).to.equal('private-network');
    });
  }

  it('does not call without TLS, with a password, or what is no address', async () => {
    expect(await refusalOf(guard().check('http://8.8.8.8/'))).to.equal('not-https');
    expect(await refusalOf(guard().check('ftp://8.8.8.8/'))).to.equal('not-https');
    expect(await refusalOf(guard().check('file:///etc/passwd'))).to.equal('not-https');
    expect(await refusalOf(guard().check('https://user:secret@8.8.8.8/'))).to.equal('credentials');
    expect(await refusalOf(guard().check('/hook'))).to.equal('not-an-address');
  });

  it('lets public addresses pass, and private ones that are allowed', async () => {
    await guard().check('https://8.8.8.8/');
    await guard().check('https://[2606:4700:4700::1111]/');
    await guard({ allowed: ['10.20.0.0/16'] }).check('https://10.20.1.1/');
    await guard({ allowed: ['10.20.0.0/16'] }).check('http://10.20.1.1/');
    await guard({ allowed: ['127.0.0.0/8'] }).check('http://[::ffff:127.0.0.1]/');
    expect(await refusalOf(guard({ allowed: ['10.20.0.0/16'] }).check('https://10.21.1.1/'))).to.equal(
      'private-network',
    );
    expect(mayBeReached('fe80::1%eth0', makeNetworks([]))).to.equal(false);
  });

  describe('with names', () => {
    let names: Record<string, readonly string[]> = {};
    let dns: Awaited<ReturnType<typeof startDnsServer>>;
    let here: Receiver;
    let http: ReturnType<typeof makeHttpPort>;
    before(async () => {
      dns = await startDnsServer((name) => names[name] ?? []);
      here = await startReceiver('127.0.0.2');
      http = makeHttpPort({ clock: systemClock });
    });
    after(async () => {
      http.close();
      await here.stop();
      await dns.stop();
    });

    it('does not call a name of a private address, also when only one of several is', async () => {
      names = { 'inside.example': ['127.0.0.1'], 'both.example': ['8.8.8.8', '169.254.169.254'] };
      const port = guard({ servers: [dns.address] });
      expect(await refusalOf(port.check('https://inside.example/'))).to.equal('private-network');
      expect(await refusalOf(port.check('https://both.example/'))).to.equal('private-network');
      expect(await refusalOf(port.check('https://nowhere.example/'))).to.equal('unknown-host');
    });

    it('connects to the address that was checked, whatever the name means a moment later', async () => {
      const port = Number(new URL(here.url).port);
      const elsewhere = await startReceiver('127.0.0.3', port);
      let asked = 0;
      const rebinding = await startDnsServer(() => {
        asked += 1;
        return asked === 1 ? ['127.0.0.2'] : ['127.0.0.3'];
      });
      try {
        const guarded = guard({ http, servers: [rebinding.address], allowed: ['127.0.0.2/32'] });
        const url = `http://moving.example:${port}/hook`;
        const answer = await guarded.request(request(url));
        expect(answer.status).to.equal(200);
        expect(here.received.at(-1)?.headers.host).to.equal(`moving.example:${port}`);
        expect(await refusalOf(guarded.request(request(url)))).to.equal('private-network');
        expect(elsewhere.received).to.have.length(0);
      } finally {
        await rebinding.stop();
        await elsewhere.stop();
      }
    });

    it('follows no redirect, and reads no more of an answer than it was told', async () => {
      const guarded = guard({ http, allowed: ['127.0.0.0/8'] });
      const before = here.received.length;
      here.answer = (response) => response.writeHead(302, { location: here.url }).end('x'.repeat(5_000_000));
      const answer = await guarded.request({ ...request(here.url), cutAnswerAtBytes: 1_000 });
      expect(answer.status).to.equal(302);
      expect(answer.body).to.have.length(1_000);
      expect(here.received).to.have.length(before + 1);
    });
  });
});
