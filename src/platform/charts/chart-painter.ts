import { Worker } from 'node:worker_threads';
import { invariant, type Runtime, withDeadline } from '../../kernel/index.ts';

export interface Drawing {
  width: number;
  height: number;
  /** What echarts is told; data alone, since it is handed to another thread. */
  option: Readonly<Record<string, unknown>>;
}

/** Draws charts as SVG. Its thread is started for the first one, and ended when none was wanted for a while. */
export interface ChartPainter {
  draw(drawing: Drawing): Promise<string>;
  stop(): void;
}

interface Answer {
  id: number;
  svg?: string;
  problem?: string;
}

const DRAWN_WITHIN_MS = 20_000;
const IDLE_MS = 5 * 60_000;
/** Charts that may wait: more is overload and refused. */
const MOST_WAITING = 60;

export function makeChartPainter({ clock }: Pick<Runtime, 'clock'>): ChartPainter {
  const waiting = new Map<number, { resolve(svg: string): void; reject(error: Error): void }>();
  let thread: Worker | undefined;
  let drawings = 0;

  function start(): Worker {
    const started = new Worker(new URL('./thread/draw.js', import.meta.url), { execArgv: [] });
    // Nobody's stop waits for it.
    started.unref();
    started.on('message', ({ id, svg, problem }: Answer) => {
      const one = waiting.get(id);
      waiting.delete(id);
      if (svg === undefined) one?.reject(new Error(`a chart could not be drawn: ${problem}`));
      else one?.resolve(svg);
    });
    const end = (error?: Error) => {
      if (thread !== started) return;
      thread = undefined;
      for (const one of waiting.values()) one.reject(error ?? new Error('the thread of the charts has ended'));
      waiting.clear();
    };
    started.on('error', end);
    started.on('exit', () => end());
    return started;
  }

  function stop(): void {
    void thread?.terminate();
  }

  return {
    draw(drawing) {
      invariant(waiting.size < MOST_WAITING, 'too many charts wait to be drawn');
      thread ??= start();
      drawings += 1;
      const id = drawings;
      const drawn = new Promise<string>((resolve, reject) => waiting.set(id, { resolve, reject }));
      thread.postMessage({ id, ...drawing });
      clock.setTimer(IDLE_MS, () => drawings === id && stop(), { unref: true });
      return withDeadline(clock, DRAWN_WITHIN_MS, drawn).finally(() => waiting.delete(id));
    },
    stop,
  };
}
