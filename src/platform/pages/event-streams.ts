import type { Context } from 'koa';
import type { Clock } from '../../kernel/index.ts';
import { HttpError } from '../http/index.ts';

/** Proxies cut a connection on which nothing is said; ours after 15 s. */
const HEARTBEAT_MS = 10_000;

/** Server-sent events to one page. */
export interface EventStream {
  /** Any text; line breaks in it arrive as they are. */
  send(event: string, data: string): void;
  end(): void;
  /** Called once, when the page or we have ended it. */
  onEnd(listener: () => void): void;
}

export interface EventStreams {
  /** Answers with a stream; 503 when there are too many. Undefined for HEAD: nothing is to be sent. */
  open(ctx: Context): EventStream | undefined;
  /** Ends them all, so that a stop waits for none: pages come back by themselves. */
  endAll(): void;
}

export function makeEventStreams({ clock }: { clock: Clock }, { most }: { most: number }): EventStreams {
  const streams = new Set<EventStream>();
  let stopping = false;
  return {
    open(ctx) {
      if (stopping || streams.size >= most) throw new HttpError(503);
      ctx.status = 200;
      ctx.set({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        'X-Accel-Buffering': 'no',
      });
      if (ctx.method === 'HEAD') return undefined;
      const stream = startStream(clock, ctx);
      streams.add(stream);
      stream.onEnd(() => streams.delete(stream));
      return stream;
    },
    endAll() {
      stopping = true;
      for (const stream of streams) stream.end();
    },
  };
}

function startStream(clock: Clock, ctx: Context): EventStream {
  const { res } = ctx;
  const listeners: (() => void)[] = [];
  let ended = false;
  const finish = () => {
    if (ended) return;
    ended = true;
    beat.cancel();
    for (const listener of listeners) listener();
  };
  const write = (text: string) => {
    if (!ended && !res.destroyed) res.write(text);
  };
  const heartbeat = () => {
    write(':\n\n');
    beat = clock.setTimer(HEARTBEAT_MS, heartbeat, { unref: true });
  };
  let beat = clock.setTimer(HEARTBEAT_MS, heartbeat, { unref: true });
  ctx.respond = false;
  res.statusCode = 200;
  res.flushHeaders();
  res.on('close', finish);
  res.on('error', finish);
  return {
    send: (event, data) => write(`event: ${event}\n${data.replace(/^/gm, 'data: ')}\n\n`),
    end() {
      res.end();
      finish();
    },
    onEnd: (listener) => listeners.push(listener),
  };
}
