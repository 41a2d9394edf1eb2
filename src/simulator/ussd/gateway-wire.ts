import type { Runtime } from '../../kernel/index.ts';
import type { HttpPort } from '../../platform/http/index.ts';
import type { SimulatorConfig } from '../basis/index.ts';
import type { Session } from './session.ts';

/** What the gateway made of a hop. Only `continue` leaves the session open. */
export type HopAnswer =
  | { kind: 'continue' | 'end'; text: string; metadata: string }
  | { kind: 'unreachable' | 'late' | 'refused'; why: string };

export interface WireDeps {
  runtime: Runtime;
  http: HttpPort;
  config: SimulatorConfig;
}

/** The application has 10 s for a hop. */
const HOP_TIMEOUT_MS = 10_000;
const NOTICE_TIMEOUT_MS = 10_000;
const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded' };

/** Posts a hop as Africa's Talking does and reads the answer as strictly as it does. */
export async function askGateway({ http, config, runtime }: WireDeps, session: Session): Promise<HopAnswer> {
  const startedAt = runtime.clock.now();
  const form = {
    sessionId: session.id,
    phoneNumber: session.msisdn,
    networkCode: session.network.code,
    serviceCode: config.serviceCode,
    text: session.text,
  };
  const metadata = session.metadata.at(-1);
  try {
    const answer = await http.request({
      method: 'POST',
      url: `${config.gatewayUrl}/ussd/africastalking/${config.africastalkingKey}`,
      headers: { ...FORM_HEADERS, ...(metadata && { 'at-ussd-hop-metadata': metadata }) },
      body: new URLSearchParams(form).toString(),
      timeoutMs: HOP_TIMEOUT_MS,
    });
    return readAnswer(answer.status, answer.body, answer.headers['at-ussd-hop-metadata'] ?? '');
  } catch {
    const late = runtime.clock.now() - startedAt >= HOP_TIMEOUT_MS - 50;
    if (late) return { kind: 'late', why: `The gateway gave no answer within ${HOP_TIMEOUT_MS / 1_000} s.` };
    return { kind: 'unreachable', why: `The gateway at ${new URL(config.gatewayUrl).host} cannot be reached.` };
  }
}

function readAnswer(status: number, body: string, metadata: string): HopAnswer {
  if (status !== 200) return { kind: 'refused', why: `The gateway answered HTTP ${status}.` };
  if (body.startsWith('CON ')) return { kind: 'continue', text: body.slice(4), metadata: metadata.slice(0, 99) };
  if (body.startsWith('END ')) return { kind: 'end', text: body.slice(4), metadata: '' };
  const found = body === '' ? 'nothing' : 'neither CON nor END';
  return { kind: 'refused', why: `The gateway's answer starts with ${found}.` };
}

/** The notification that a session is over. It is sent once; whether it arrives is of no concern to the network. */
export async function tellSessionEnd({ http, config, runtime }: WireDeps, session: Session): Promise<void> {
  const now = runtime.clock.now();
  const form = {
    date: new Date(now).toISOString().slice(0, 19).replace('T', ' '),
    sessionId: session.id,
    serviceCode: config.serviceCode,
    networkCode: session.network.code,
    phoneNumber: session.msisdn,
    status: session.end === 'ended' ? 'Success' : FAILURES.has(session.end ?? '') ? 'Failed' : 'Incomplete',
    cost: 'KES 0.0000',
    durationInMillis: String(now - session.startedAt),
    hopsCount: String(session.hops),
    hopsMetadata: session.metadata.join('|'),
    input: session.text,
    lastAppResponse: session.lastResponse,
    errorMessage: session.why ?? '',
  };
  await http
    .request({
      method: 'POST',
      url: `${config.gatewayUrl}/ussd/africastalking/${config.africastalkingKey}/ended`,
      headers: FORM_HEADERS,
      body: new URLSearchParams(form).toString(),
      timeoutMs: NOTICE_TIMEOUT_MS,
    })
    .catch(() => undefined);
}

const FAILURES: ReadonlySet<string> = new Set(['unreachable', 'late', 'refused']);
