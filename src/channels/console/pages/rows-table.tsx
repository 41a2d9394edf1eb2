import type { ComponentChildren } from 'preact';

interface RowsTableProps {
  /** In their order; each stands over its cells, which name it by `data-label` on a phone. */
  columns: readonly string[];
  labels: Readonly<Record<string, string>>;
  /** Of the columns, those of amounts and counts. */
  numbers: readonly string[];
  children: ComponentChildren;
}

/** A list as a table, and on a phone as cards. */
export function RowsTable({ columns, labels, numbers, children }: RowsTableProps) {
  return (
    <div class="scroll">
      <table class="rows">
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" class={numbers.includes(name) ? 'number' : undefined}>
                {labels[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
