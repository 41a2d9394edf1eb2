import { type Form, MOST_BANDS, MOST_STEPS, STEPS } from '../organisation-form.ts';
import type { Visit } from '../visit.ts';
import { Act } from './frame.tsx';
import { isOurAdministrator, pathOf, type SettingsProps } from './organisation-settings.ts';

/** Who must agree, by amount. */
export function BandsCard(props: SettingsProps) {
  const { visit, organisation, bands, values } = props;
  const { say, money } = visit.words;
  return (
    <section class="card" aria-labelledby="bands">
      <h2 id="bands">{say('organisation.bands')}</h2>
      <p class="hint">{say('organisation.bands-what')}</p>
      <p class="hint">
        {say(organisation.approvalBands === null ? 'organisation.bands-usual' : 'organisation.bands-own')}
      </p>
      <ul class="next">
        {bands.bands.map(({ upToMinor, policy }) => (
          <li key={policy.name}>
            {upToMinor === undefined
              ? say('organisation.band-above')
              : say('organisation.band-up-to', { amount: money({ amountMinor: upToMinor, currency: bands.currency }) })}
            {policy.steps.map(({ roles, votes }, step) => (
              <small key={String(step)}>{stepWords(visit, `${roles.join('+')}-${votes}`)}</small>
            ))}
          </li>
        ))}
      </ul>
      {isOurAdministrator(props) && (
        <Act visit={visit} action={`${pathOf(props)}/bands`} name="bands">
          <label class="check" for="own-bands">
            <input
              {...{ id: 'own-bands', type: 'checkbox', name: 'own-bands', value: 'yes' }}
              checked={values['own-bands'] === 'yes'}
            />
            {say('organisation.own-bands')}
          </label>
          {Array.from({ length: MOST_BANDS }, (_, index) => (
            <BandFields key={String(index)} visit={visit} values={values} band={index + 1} />
          ))}
        </Act>
      )}
    </section>
  );
}

/** `approver+administrator-2` in words. */
function stepWords({ words: { say } }: Visit, step: string): string {
  const [roles = '', votes = '1'] = step.split('-');
  const named = roles.split('+').map((role) => say(`role.${role}`));
  return say('organisation.step', { votes: Number(votes), roles: named.join(` ${say('approval.or')} `) });
}

function BandFields({ visit, values, band }: { visit: Visit; values: Form; band: number }) {
  const { say } = visit.words;
  const upTo = `band-${band}-up-to`;
  return (
    <fieldset>
      <legend>{say('organisation.band', { band })}</legend>
      <div class="field">
        <label for={upTo}>{say('organisation.up-to')}</label>
        <input {...{ id: upTo, name: upTo, value: values[upTo] ?? '', inputmode: 'decimal', maxLength: 24 }} />
      </div>
      {Array.from({ length: MOST_STEPS }, (_, index) => {
        const name = `band-${band}-step-${index + 1}`;
        const chosen = values[name] ?? '';
        const choices = [...STEPS, ...(chosen === '' || STEPS.some((step) => step === chosen) ? [] : [chosen])];
        return (
          <div key={name} class="field">
            <label for={name}>{say('organisation.step-of', { step: index + 1 })}</label>
            <select id={name} name={name}>
              <option value="">{say('organisation.no-step')}</option>
              {choices.map((step) => (
                <option key={step} value={step} selected={step === chosen}>
                  {stepWords(visit, step)}
                </option>
              ))}
            </select>
          </div>
        );
      })}
    </fieldset>
  );
}
