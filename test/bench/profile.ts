import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NAMES } from './contestants.ts';
import { type CpuProfile, ROOT } from './processes.ts';
import { type Bench, drive, type Size } from './rounds.ts';

/** Where the time of a plain hop goes, by the file or the native function that was on the processor. */
const AREAS: readonly { area: string; has: RegExp }[] = [
  { area: 'idle', has: /^\(idle\)/ },
  // The profiler itself, when it starts and stops.
  { area: 'idle', has: /^dispatch $/ },
  { area: 'garbage collection', has: /^\(garbage collector\)/ },
  { area: 'socket writes (system calls)', has: /^(writev|write\w*String|writeBuffer|shutdown) $/ },
  { area: 'engine, V8 and libuv, no script', has: /^(\(program\)|\(root\)|runMicrotasks|set natives) ?/ },
  { area: 'hashes', has: /internal\/crypto|^(hash|oneShotDigest|timingSafeEqual) $/ },
  { area: 'node:http', has: /node:(_http|http|internal\/http)/ },
  { area: 'node: sockets and streams', has: /node:(net|events|stream|internal\/(stream|js_stream|net))/ },
  { area: 'node: the rest', has: /node:|^\S* $/ },
  { area: 'ioredis and its parser', has: /node_modules\/(ioredis|redis-|@ioredis|standard-as-callback|denque)/ },
  {
    area: 'koa and its router',
    has: /node_modules\/(koa|@koa|delegates|on-finished|statuses|vary|parseurl|cookies|path-to)/,
  },
  { area: 'mysql2', has: /node_modules\/(mysql2|sqlstring|sql-escaper|named-placeholders|iconv-lite|long)\// },
  { area: 'typeorm', has: /node_modules\/(typeorm|reflect-metadata)\// },
  { area: 'zod', has: /node_modules\/zod/ },
  { area: 'prom-client', has: /node_modules\/prom-client/ },
  { area: 'other packages', has: /node_modules\// },
  { area: 'src/platform/http', has: /src\/platform\/http\// },
  { area: 'src/platform/sessions and redis', has: /src\/platform\/(sessions|redis)\// },
  { area: 'src/channels/ussd/menus and texts', has: /src\/(channels\/ussd\/menus|platform\/texts)\// },
  { area: 'src/channels/ussd: routes and engine', has: /src\/channels\/ussd\// },
  { area: 'src/providers/ussd', has: /src\/providers\/ussd\// },
  { area: 'src/platform/outbox', has: /src\/platform\/outbox\// },
  { area: 'src/platform/database', has: /src\/platform\/database\// },
  { area: 'src/money and src/domain', has: /src\/(money|domain)\// },
  { area: 'the rest of src', has: /./ },
];

/** Profiles each server while it answers plain hops; prints microseconds a hop by area, leaves the profiles in var/bench. */
export async function profilePlainHops(bench: Bench, size: Size): Promise<string> {
  const folder = join(ROOT, 'var/bench');
  await mkdir(folder, { recursive: true });
  const columns: Map<string, number>[] = [];
  for (const name of NAMES) {
    const server = bench.contestants[name];
    await bench.flush();
    await drive(bench, server, { sessions: { dialog: 'walk', count: size.sessions }, steps: 1 });
    await server.startProfile();
    const { hops } = await drive(bench, server, { sessions: 'kept' });
    const profile = await server.stopProfile();
    await writeFile(join(folder, `${name}.cpuprofile`), JSON.stringify(profile));
    columns.push(microsByArea(profile, hops));
  }
  return tableOf('Microseconds of a plain hop by what ran (sampled)', NAMES, columns);
}

/** Columns of microseconds by area, side by side. */
export function tableOf(title: string, names: readonly string[], columns: readonly Map<string, number>[]): string {
  const row = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(38)}${cells.map((cell) => cell.padStart(10)).join('')}\n`;
  const rows = AREAS.filter(({ area }) => area !== 'idle' && columns.some((column) => (column.get(area) ?? 0) >= 0.05));
  const lines = rows.map(({ area }) =>
    row(
      area,
      columns.map((column) => (column.get(area) ?? 0).toFixed(1)),
    ),
  );
  const sums = columns.map((column) => [...column].reduce((sum, [area, us]) => (area === 'idle' ? sum : sum + us), 0));
  const total = row(
    'all',
    sums.map((sum) => sum.toFixed(1)),
  );
  return `\n${title}\n${row('', names)}${lines.join('')}${total}`;
}

export function microsByArea({ nodes, samples, timeDeltas }: CpuProfile, count: number): Map<string, number> {
  const areaOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url } }) => {
      const place = `${functionName} ${url}`;
      return [id, AREAS.find(({ has }) => has.test(place))?.area ?? ''];
    }),
  );
  const micros = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const area = areaOf.get(id) ?? '';
    micros.set(area, (micros.get(area) ?? 0) + (timeDeltas[index] ?? 0) / count);
  }
  return micros;
}
