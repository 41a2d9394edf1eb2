import { type EntityManager, type EntitySchema, type FindOptionsWhere, MoreThan, type ObjectLiteral } from 'typeorm';

const A_PAGE = 100;

/**
 * Every row that fits, oldest first, some at a time: each page begins behind the last row of the one before, by an index over what
 * fits and the time.
 */
export async function* pagesOf<T extends ObjectLiteral & { id: string }>(
  reader: EntityManager,
  entity: EntitySchema<T>,
  where: FindOptionsWhere<T>,
  time: keyof T & string,
): AsyncGenerator<T[]> {
  let last: T | undefined;
  for (;;) {
    const behind = (extra: object) => ({ ...where, ...extra }) as FindOptionsWhere<T>;
    const rows: T[] = await reader.find(entity, {
      where: last
        ? [behind({ [time]: MoreThan(last[time]) }), behind({ [time]: last[time], id: MoreThan(last.id) })]
        : where,
      order: { [time]: 'ASC', id: 'ASC' } as never,
      take: A_PAGE,
    });
    if (rows.length > 0) yield rows;
    if (rows.length < A_PAGE) return;
    last = rows.at(-1);
  }
}
