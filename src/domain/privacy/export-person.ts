import type { Msisdn, Runtime } from '../../kernel/index.ts';
import { type Actor, type AuditDeps, recordAct } from '../audit/index.ts';
import { CustomerSchema } from '../customers/index.ts';
import type { PersonDeps } from './person.ts';
import { SECTIONS } from './sections.ts';

export interface ExportPersonDeps extends PersonDeps, AuditDeps {
  runtime: Runtime;
}

const FORMAT = 'malipo-person-1';

/**
 * Everything that is kept of a number, as the text of one JSON file, a page of rows at a time. That it was taken, and why, is in the audit
 * log before the first byte. The file: `{format, number, madeAt, <section>: [...], ...}`, with the sections of `SECTIONS`.
 */
export async function exportPerson(
  deps: ExportPersonDeps,
  actor: Actor,
  { msisdn, reason }: { msisdn: Msisdn; reason: string },
): Promise<AsyncGenerator<string>> {
  const customer = await deps.database.reader.findOne(CustomerSchema, { where: { msisdn } });
  // A number does not belong into the audit log; a stranger is named by the keyed hash of his.
  const id = customer?.id ?? deps.sealing.fingerprint(msisdn);
  await deps.database.transaction((tx) =>
    recordAct(deps, tx, { actor, act: 'person.exported', subject: { kind: 'person', id }, reason }),
  );
  return write(deps, { msisdn, customerId: customer?.id });
}

async function* write(
  deps: ExportPersonDeps,
  person: { msisdn: Msisdn; customerId: string | undefined },
): AsyncGenerator<string> {
  const madeAt = new Date(deps.runtime.clock.now()).toISOString();
  const head = { format: FORMAT, number: person.msisdn, madeAt };
  yield JSON.stringify(head, null, 2).slice(0, -2);
  for (const { name, rows } of SECTIONS) {
    yield `,\n  "${name}": [`;
    let isFirst = true;
    for await (const some of rows(deps, person)) {
      for (const row of some) {
        const text = JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value), 2);
        yield `${isFirst ? '' : ','}\n    ${text.replaceAll('\n', '\n    ')}`;
        isFirst = false;
      }
    }
    yield isFirst ? ']' : '\n  ]';
  }
  yield '\n}\n';
}
