import type { Finding } from './checks/check.ts';
import type { Facts } from './checks/facts.ts';
import type { EndedWorld } from './world/world.ts';

const MOST_LINES = 160;
/** What concerns every payment. */
const COMMON = /^(life |the trouble|BUG)/;

/** Of a customer's own doings only what is near the beginning of the story. */
const NEAR_MS = 60_000;

/** The story of one finding: what the trace says of the payment, and of the process. */
export function timelineOf(world: EndedWorld, facts: Facts | undefined, { about }: Finding): string[] {
  const all = widen(about, facts).filter((name) => name.length >= 6);
  const names = all.filter((name) => !name.startsWith('+'));
  const numbers = all.filter((name) => name.startsWith('+'));
  const says = (text: string, some: string[]) => some.some((name) => text.includes(name));
  const first = world.trace.lines.find(({ text }) => says(text, names));
  const isNear = (atMs: number) => first === undefined || Math.abs(atMs - first.atMs) < NEAR_MS;
  const lines = world.trace.lines.filter(
    ({ atMs, text }) => COMMON.test(text) || says(text, names) || (isNear(atMs) && says(text, numbers)),
  );
  const shown = lines.map(({ atMs, text }) => `  ${clockOf(atMs)} ${text.slice(0, 300)}`);
  if (shown.length <= MOST_LINES) return shown;
  return [...shown.slice(0, MOST_LINES), `  ... and ${shown.length - MOST_LINES} lines more`];
}

/** From any name of a payment to all of them. */
function widen(about: Finding['about'], facts: Facts | undefined): string[] {
  const names = new Set(about.filter((name): name is string => typeof name === 'string' && name !== ''));
  for (const payment of facts?.payments ?? []) {
    const own = [payment.id, payment.reference, payment.transferId];
    if (own.some((name) => name !== null && names.has(name))) for (const name of own) if (name) names.add(name);
  }
  for (const transfer of facts?.transfers ?? []) {
    if (!names.has(transfer.id) && !names.has(transfer.reference)) continue;
    const { id, reference, receipt, checkoutRequestId, callbackToken } = transfer;
    for (const name of [id, reference, receipt, checkoutRequestId, callbackToken]) if (name) names.add(name);
  }
  for (const { id, subjectId } of facts?.messages ?? []) if (subjectId && names.has(subjectId)) names.add(id);
  for (const { id, subjectId } of facts?.inbox ?? []) if (subjectId && names.has(subjectId)) names.add(id);
  return [...names];
}

/** Hours, minutes, seconds and milliseconds since the world began. */
function clockOf(atMs: number): string {
  const pad = (value: number, width = 2) => String(Math.floor(value)).padStart(width, '0');
  return `${pad(atMs / 3_600_000)}:${pad((atMs / 60_000) % 60)}:${pad((atMs / 1_000) % 60)}.${pad(atMs % 1_000, 3)}`;
}
