import { expect } from 'chai';
import { systemClock } from '../../../src/kernel/index.ts';
import { addHealthRoutes, type HealthCheck } from '../../../src/platform/http/index.ts';
import { request } from '../../support/raw-http.ts';
import { type AppServer, appServer } from './app-server.ts';

describe('addHealthRoutes', () => {
  let server: AppServer;
  let stopping = false;
  let asked = 0;
  let database: () => Promise<unknown>;
  const checks: HealthCheck[] = [
    { name: 'database', check: () => database() },
    { name: 'sessions', check: async () => {} },
  ];

  before(async () => {
    const metrics = { render: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'malipo 1\n' }) };
    server = await appServer((router, log) => {
      addHealthRoutes(router, {
        clock: systemClock,
        log,
        checks,
        isStopping: () => stopping,
        metrics,
        checkTimeoutMs: 100,
      });
    });
  });
  after(() => server.stop());
  beforeEach(() => {
    stopping = false;
    asked = 0;
    server.lines.length = 0;
    database = async () => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
  });
  const ready = async () => {
    const { status, body } = await request(server.port, 'GET', '/health/ready');
    return { status, ...JSON.parse(body) };
  };

  it('is live while it answers', async () => {
    stopping = true;
    const answer = await request(server.port, 'GET', '/health/live');
    expect([answer.status, JSON.parse(answer.body)]).to.deep.equal([200, { status: 'live' }]);
  });

  it('is ready when every check passes', async () => {
    expect(await ready()).to.deep.equal({ status: 'ready' });
    expect((await request(server.port, 'GET', '/health/ready')).status).to.equal(200);
  });

  it('names what failed, without the reason, and logs the reason', async () => {
    database = () => Promise.reject(new Error('Access denied for user malipo'));
    const answer = await request(server.port, 'GET', '/health/ready');
    expect(answer.status).to.equal(503);
    expect(JSON.parse(answer.body)).to.deep.equal({ status: 'not ready', failed: ['database'] });
    expect(JSON.stringify(server.lines)).to.contain('Access denied');
  });

  it('gives a check no longer than its time', async () => {
    database = () => new Promise(() => {});
    const startedAt = Date.now();
    expect(await ready()).to.deep.include({ failed: ['database'] });
    expect(Date.now() - startedAt).to.be.below(900);
  });

  it('stands a check that throws at once', async () => {
    database = () => {
      throw new Error('not even a promise');
    };
    expect(await ready()).to.deep.include({ failed: ['database'] });
  });

  it('is not ready once it stops', async () => {
    stopping = true;
    expect(await ready()).to.deep.include({ failed: ['stopping'] });
    expect(asked).to.equal(0);
  });

  it('asks the stores once, however many ask it', async () => {
    await Promise.all(Array.from({ length: 20 }, ready));
    expect(asked).to.be.below(5);
  });

  it('renders the metrics', async () => {
    const answer = await request(server.port, 'GET', '/metrics');
    expect([answer.status, answer.body]).to.deep.equal([200, 'malipo 1\n']);
    expect(answer.headers['content-type']).to.contain('version=0.0.4');
  });
});
