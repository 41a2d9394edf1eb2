import { anewFor } from '../people/employers/index.ts';
import type { Check, Finding } from './check.ts';
import { paidInBooks } from './payout-checks.ts';

const paidAnew: Check = {
  name: 'paid-anew',
  promise: 'what went to the wrong person is paid anew only after its money came back, and once',
  look(facts) {
    const findings: Finding[] = [];
    const all = paidInBooks(facts);
    const anew = new Set<string>();
    for (const { row, movements, about } of all) {
      const firstId = anewFor(row);
      const [paid] = movements;
      if (firstId === undefined || !paid) continue;
      const first = all.find((one) => one.row.id === firstId);
      const say = (text: string) => findings.push({ text: `row ${firstId} ${text}`, about: [firstId, ...about] });
      if (anew.has(firstId)) say('was paid anew twice');
      anew.add(firstId);
      const backs = first?.movements.map(({ receipt }) => facts.world.core.operator.books.reversalOf(receipt)) ?? [];
      if (backs.some((back) => back === undefined || back.at > paid.at)) say('was paid anew before its money was back');
    }
    return findings;
  },
};

const claimsTrue: Check = {
  name: 'claims-true',
  promise:
    "a claim is returned when the operator's books say that the money came back, whatever was promised, and only then",
  look(facts) {
    const all = new Map(paidInBooks(facts).map((one) => [one.row.id, one]));
    return facts.claims.flatMap(({ id, rowId, state }) => {
      const payout = all.get(rowId);
      const isBack = payout?.isBack === true;
      const text = `the claim of row ${rowId} is ${state}, and its money ${isBack ? 'came back' : 'did not'}`;
      return (state === 'returned') === isBack ? [] : [{ text, about: [id, rowId, ...(payout?.about ?? [])] }];
    });
  },
};

export const claimChecks: readonly Check[] = [paidAnew, claimsTrue];
