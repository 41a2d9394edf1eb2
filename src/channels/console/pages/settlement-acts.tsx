import type { Settlement } from '../../../domain/settlement/index.ts';
import type { Desk, Visit } from '../visit.ts';
import { Act } from './frame.tsx';

interface SettlementActsProps {
  desk: Desk;
  visit: Visit;
  settlement: Settlement;
}

/** What the reader can do about it; nothing for who only reads. */
export function SettlementActs({ desk, visit, settlement }: SettlementActsProps) {
  const { say } = visit.words;
  const { id, state, version, netMinor, signedPersonId } = settlement;
  if (!visit.may('finance', 'administrator') || version === 0 || state === 'drawing') return null;
  const path = `/console/settlements/${id}`;
  const isOwn = signedPersonId !== null && signedPersonId === visit.signedIn?.member.personId;
  const isOwed = state === 'signed' && netMinor > 0n;
  return (
    <section class="card" aria-label={say('act.title')}>
      <h2>{say('act.title')}</h2>
      {state === 'drawn-up' && (
        <Act visit={visit} action={`${path}/sign`} name="sign">
          <input type="hidden" name="version" value={String(version)} />
        </Act>
      )}
      {isOwed && isOwn && <p class="hint">{say('settlement.own')}</p>}
      {isOwed && !isOwn && (
        <Act visit={visit} action={`${path}/paid`} name="paid">
          <PaidFields desk={desk} visit={visit} />
        </Act>
      )}
      <Act visit={visit} action={`${path}/write`} name="write" />
    </section>
  );
}

function PaidFields({ desk, visit }: Omit<SettlementActsProps, 'settlement'>) {
  const { say } = visit.words;
  return (
    <>
      <div class="field">
        <label for="reference">{say('act.paid.reference')}</label>
        <input id="reference" name="reference" required minLength={3} maxLength={64} autocomplete="off" />
      </div>
      <div class="field">
        <label for="from">{say('act.paid.from')}</label>
        <select id="from" name="from">
          <option value="">{say('act.paid.bank')}</option>
          {desk.deps.operators.map(({ id, name }) => (
            <option key={id} value={id}>
              {say('dashboard.float-at', { operator: name })}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}
