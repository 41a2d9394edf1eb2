import http from 'node:http';
import { parse } from 'node:querystring';
import { Redis } from 'ioredis';
import { makeLookup } from './biller-lookup.ts';
import { amountScreen, confirmScreen, SCREENS, type StaticScreen, WAYS } from './dialogs.ts';
import { readAddresses } from './server-addresses.ts';

/**
 * The floor: what a hop costs when it does nothing but be one. node:http, the form parsed, one read and one write in
 * Redis, the screen out. It checks nothing, counts nothing, and a repeated request is a new turn.
 */
interface Session {
  at: StaticScreen | 'payAmount';
  account?: string;
  holder?: string;
}

const { port, redisUrl, billerUrl } = readAddresses();
const redis = new Redis(redisUrl);
const lookUp = makeLookup(billerUrl);

async function answer(body: string): Promise<string> {
  const form = parse(body);
  const text = String(form.text);
  const key = `floor:${form.sessionId}`;
  const kept = await redis.get(key);
  const before = kept === null ? undefined : (JSON.parse(kept) as Session);
  const { session, screen } = await turn(before, text.slice(text.lastIndexOf('*') + 1));
  await redis.set(key, JSON.stringify(session), 'EX', 600);
  return `CON ${screen}`;
}

async function turn(before: Session | undefined, input: string): Promise<{ session: Session; screen: string }> {
  if (!before) return { session: { at: 'home' }, screen: SCREENS.home };
  const { at, account = '', holder = '' } = before;
  if (at === 'payAmount') return { session: before, screen: confirmScreen(account, holder, `${input}.00`) };
  const to = WAYS[at][input];
  if (to) return { session: { at: to }, screen: SCREENS[to] };
  const bill = await lookUp(input);
  const session: Session = { at: 'payAmount', account: input, holder: bill.holder };
  return { session, screen: amountScreen(input, bill.holder, bill.due) };
}

http
  .createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', async () => {
      const body = await answer(Buffer.concat(chunks).toString());
      res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(body) });
      res.end(body);
    });
  })
  .listen(port, '127.0.0.1');
