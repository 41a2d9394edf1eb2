import { expect } from 'chai';
import { makeMetrics } from '../../../src/platform/metrics/index.ts';

describe('makeMetrics', () => {
  it('counts hops by outcome, with their duration in seconds', async () => {
    const metrics = makeMetrics();
    metrics.hop('continue', 4);
    metrics.hop('continue', 40);
    metrics.hop('end', 7);
    const { body, contentType } = await metrics.render();
    expect(contentType).to.match(/^text\/plain; version=0\.0\.4/);
    expect(body).to.contain('malipo_hop_seconds_bucket{le="0.005",outcome="continue"} 1\n');
    expect(body).to.contain('malipo_hop_seconds_count{outcome="continue"} 2\n');
    expect(body).to.contain('malipo_hop_seconds_sum{outcome="continue"} 0.044\n');
    expect(body).to.contain('malipo_hop_seconds_count{outcome="end"} 1\n');
  });

  it('counts callbacks, calls, steps, jobs and errors', async () => {
    const metrics = makeMetrics();
    metrics.callback('daraja.stk', 'stored');
    metrics.providerCall('daraja', 'collect', 'accepted', 300);
    metrics.outboxStep('biller.post', 'failed');
    metrics.jobEnded('pull', 'done', 1_500);
    metrics.httpError(413);
    const { body } = await metrics.render();
    for (const line of [
      'malipo_callbacks_total{kind="daraja.stk",fate="stored"} 1',
      'malipo_provider_call_seconds_count{provider="daraja",operation="collect",outcome="accepted"} 1',
      'malipo_outbox_steps_total{topic="biller.post",outcome="failed"} 1',
      'malipo_job_seconds_sum{job="pull",outcome="done"} 1.5',
      'malipo_http_errors_total{status="413"} 1',
    ]) {
      expect(body).to.contain(`${line}\n`);
    }
  });

  it('sets gauges from the stores when it is read, once however many read', async () => {
    const metrics = makeMetrics();
    let asked = 0;
    let states: Record<string, number> = { submitted: 3, unknown: 1 };
    metrics.onRender(async () => {
      asked += 1;
      metrics.outbox({ ready: 5, overdueMs: 2_500, attempts: 4, dead: 1 });
      metrics.transfers(states);
    });
    metrics.onRender(() => Promise.reject(new Error('the database is away')));
    const [{ body }] = await Promise.all([metrics.render(), metrics.render(), metrics.render()]);
    expect(asked).to.equal(1);
    for (const line of [
      'outbox_ready 5',
      'outbox_overdue_seconds 2.5',
      'outbox_attempts 4',
      'outbox_dead 1',
      'transfers{state="unknown"} 1',
    ]) {
      expect(body).to.contain(`malipo_${line}\n`);
    }
    states = { submitted: 2 };
    expect((await metrics.render()).body)
      .to.contain('malipo_transfers{state="submitted"} 2')
      .and.not.contain('state="unknown"');
  });

  it('tells of the process when asked to, and several can live side by side', async () => {
    makeMetrics();
    expect((await makeMetrics({ process: true }).render()).body).to.contain('process_cpu_seconds_total');
  });
});
