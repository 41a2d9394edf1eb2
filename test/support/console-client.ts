import { expect } from 'chai';
import type { StaffRole } from '../../src/domain/staff/index.ts';
import { systemRuntime } from '../../src/kernel/index.ts';
import { demoLogins } from '../../src/wiring/demo-staff.ts';
import type { TestService } from './service.ts';

export interface ConsolePage {
  status: number;
  /** Where it leads, for a redirect. */
  location: string;
  html: string;
  headers: Headers;
}

/** Somebody of the demo with a browser that knows cookies and forms, and no JavaScript. */
export interface StaffBrowser {
  get(path: string): Promise<ConsolePage>;
  /** Sends a form with the token of the page that has it. */
  post(path: string, fields: Readonly<Record<string, string>>): Promise<ConsolePage>;
  /** A form with a file, `file`, with the token of the page that has it. */
  postFile(path: string, fields: Readonly<Record<string, string>>, file: File): Promise<ConsolePage>;
  /** The same without a token, or with whatever is given. */
  postBare(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Record<string, string>,
  ): Promise<ConsolePage>;
  /** Follows one redirect. */
  follow(page: ConsolePage): Promise<ConsolePage>;
  cookie: string;
}

const MINUTE_HALF_MS = 30_000;
/** A code is taken once: whoever signs in again within its half minute waits for the next one. */
const lastSteps = new Map<string, number>();

type Town = Pick<TestService, 'gateway'>;

export function openBrowser(town: Town): StaffBrowser {
  let csrf = '';
  const browser: StaffBrowser = {
    cookie: '',
    get: (path) => ask(path, {}),
    post: (path, fields) => ask(path, { method: 'POST', body: new URLSearchParams({ csrf, ...fields }) }),
    postFile(path, fields, file) {
      const body = new FormData();
      for (const [name, value] of Object.entries({ csrf, ...fields })) body.append(name, value);
      body.append('file', file);
      return ask(path, { method: 'POST', body });
    },
    postBare: (path, fields, headers = {}) => ask(path, { method: 'POST', body: new URLSearchParams(fields), headers }),
    follow: (page) => browser.get(page.location),
  };
  async function ask(path: string, init: RequestInit): Promise<ConsolePage> {
    const headers = { accept: 'text/html', cookie: browser.cookie, ...(init.headers as Record<string, string>) };
    const response = await fetch(new URL(path, town.gateway), { ...init, headers, redirect: 'manual' });
    const set = response.headers.get('set-cookie');
    if (set) browser.cookie = set.split(';')[0] ?? '';
    const html = await response.text();
    csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? csrf;
    return {
      status: response.status,
      location: response.headers.get('location') ?? '',
      html,
      headers: response.headers,
    };
  }
  return browser;
}

/** Signs in as the demo's person of this role, or of this email. */
export async function signIn(town: Town, who: StaffRole | `${string}@kilimo.example`): Promise<StaffBrowser> {
  const login = demoLogins(systemRuntime).find(({ role, email }) => role === who || email === who);
  if (!login) throw new Error(`no demo login of ${who}`);
  const key = `${town.gateway} ${login.email}`;
  while (lastSteps.get(key) === Math.floor(Date.now() / MINUTE_HALF_MS)) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const browser = openBrowser(town);
  const half = await browser.postBare('/console/login', { email: login.email, password: login.password });
  expect(half.status, half.html).to.equal(303);
  await browser.follow(half);
  const step = Math.floor(Date.now() / MINUTE_HALF_MS);
  const full = await browser.post('/console/code', { code: await login.code() });
  expect(full.status, full.html).to.equal(303);
  lastSteps.set(key, step);
  await browser.get('/console/me');
  return browser;
}
