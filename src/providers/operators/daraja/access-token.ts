import { z } from 'zod';
import { HttpFault, type HttpPort } from '../../../platform/http/index.ts';
import type { SharedTokens } from '../../../platform/shared-token/index.ts';
import { parseJson } from '../../wire/index.ts';
import type { DarajaConfig } from './config.ts';

/** No token could be had, so nothing that needs one was sent. */
export class NoAccessToken extends Error {
  override readonly name = 'NoAccessToken';
  readonly fault: 'busy' | 'our-fault';

  constructor(fault: 'busy' | 'our-fault', message: string) {
    super(message);
    this.fault = fault;
  }
}

export interface AccessTokens {
  /** Rejects with `NoAccessToken`, or with what the token store threw. */
  get(): Promise<string>;
  /** The operator refused this token: the next `get` renews it. */
  forget(token: string): Promise<void>;
}

const TokenAnswer = z.object({
  access_token: z.string().min(1).max(4096),
  expires_in: z
    .union([z.number(), z.string().regex(/^\d{1,6}$/)])
    .transform(Number)
    .pipe(z.number().min(1).max(86_400)),
});

export function makeAccessTokens(deps: { http: HttpPort; tokens: SharedTokens; config: DarajaConfig }): AccessTokens {
  // A new token ends the one before it at the operator, hence one name for every process that works for this paybill.
  const name = `daraja:${deps.config.shortCode}`;
  return {
    get: () => deps.tokens.get(name, () => refresh(deps)),
    forget: (token) => deps.tokens.forget(name, token),
  };
}

async function refresh(deps: {
  http: HttpPort;
  config: DarajaConfig;
}): Promise<{ token: string; expiresInMs: number }> {
  const { baseUrl, consumerKey, consumerSecret, timeoutMs } = deps.config;
  const basic = Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64');
  const answer = await deps.http
    .request({
      method: 'GET',
      url: `${baseUrl}/oauth/v1/generate?grant_type=client_credentials`,
      headers: { authorization: `Basic ${basic}`, accept: 'application/json' },
      timeoutMs,
    })
    .catch((error: unknown) => {
      throw error instanceof HttpFault ? new NoAccessToken('busy', 'no answer to the token request') : error;
    });
  const parsed = TokenAnswer.safeParse(parseJson(answer.body));
  if (answer.status === 200 && parsed.success) {
    return { token: parsed.data.access_token, expiresInMs: parsed.data.expires_in * 1000 };
  }
  // Wrong credentials come as 400 with an empty body, or as 401.
  const ours = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
  throw new NoAccessToken(ours ? 'our-fault' : 'busy', `the token request was answered with HTTP ${answer.status}`);
}
