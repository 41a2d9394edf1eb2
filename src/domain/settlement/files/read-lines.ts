import { LessThanOrEqual, MoreThan } from 'typeorm';
import type { Database } from '../../../platform/database/index.ts';
import type { Settlement } from '../settlement.ts';
import { type SettlementLine, SettlementLineSchema } from '../settlement-line.ts';

const LINES_TOGETHER = 1_000;

/** The lines of a settlement's version in the order in which they were taken in, some at a time. */
export async function* readLines(
  { reader }: Database,
  { id, version }: Pick<Settlement, 'id' | 'version'>,
): AsyncGenerator<SettlementLine> {
  let after = '';
  for (;;) {
    const lines: SettlementLine[] = await reader.find(SettlementLineSchema, {
      where: { settlementId: id, sinceVersion: LessThanOrEqual(version), id: MoreThan(after) },
      order: { id: 'ASC' },
      take: LINES_TOGETHER,
    });
    yield* lines;
    if (lines.length < LINES_TOGETHER) return;
    after = (lines.at(-1) as SettlementLine).id;
  }
}
