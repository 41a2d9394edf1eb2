import { RECIPIENT_NEWS } from '../../../domain/organisations/index.ts';
import { Act, ActForm, Frame, ReasonField } from './frame.tsx';
import { BandsCard } from './organisation-bands.tsx';
import { KeysCard } from './organisation-keys.tsx';
import { ContactFields, Fault, LimitFields, OrganisationHead, TextField } from './organisation-parts.tsx';
import { isOurAdministrator, pathOf, type SettingsProps } from './organisation-settings.ts';
import { Secret } from './webhooks-page.tsx';

/** What an organisation may, by whom it is called, and by what its own system acts. */
export function OrganisationSettingsPage(props: SettingsProps) {
  const { visit, organisation, note, fault, secret } = props;
  return (
    <Frame visit={visit} title={organisation.name} note={note}>
      <OrganisationHead visit={visit} organisation={organisation} />
      <Fault fault={fault} />
      {secret && <Secret visit={visit} secret={secret} />}
      <ContactCard {...props} />
      <NewsCard {...props} />
      <LimitsCard {...props} />
      <BandsCard {...props} />
      {visit.isHouse && <CredentialCard {...props} />}
      <KeysCard {...props} />
    </Frame>
  );
}

function ContactCard(props: SettingsProps) {
  const { visit, organisation, values } = props;
  const { say } = visit.words;
  const { contactName, contactEmail, contactPhone } = organisation;
  return (
    <section class="card" aria-labelledby="contact">
      <h2 id="contact">{say('organisation.contact')}</h2>
      {visit.may('administrator') ? (
        <ActForm visit={visit} action={`${pathOf(props)}/contact`}>
          <TextField visit={visit} name="name" values={values} maxLength={120} />
          <ContactFields visit={visit} values={values} />
          <ReasonField visit={visit} id="reason-contact" />
          <button type="submit">{say('organisation.change')}</button>
        </ActForm>
      ) : (
        <p>
          {contactName}
          <small>{contactEmail}</small>
          <small>{contactPhone}</small>
        </p>
      )}
    </section>
  );
}

/** What those whom it pays hear from us by SMS. */
function NewsCard(props: SettingsProps) {
  const { visit, organisation } = props;
  const { say } = visit.words;
  return (
    <section class="card" aria-labelledby="news">
      <h2 id="news">{say('organisation.news')}</h2>
      {visit.may('administrator') ? (
        <ActForm visit={visit} action={`${pathOf(props)}/news`}>
          <p class="hint">{say('organisation.news-what')}</p>
          <fieldset>
            <legend>{say('organisation.news-by')}</legend>
            {RECIPIENT_NEWS.map((one) => (
              <label key={one} class="check" for={`news-${one}`}>
                <input
                  {...{ id: `news-${one}`, type: 'radio', name: 'news', value: one }}
                  checked={organisation.recipientNews === one}
                />
                {say(`news.${one}`)}
                <small>{say(`news-what.${one}`)}</small>
              </label>
            ))}
          </fieldset>
          <ReasonField visit={visit} id="reason-news" />
          <button type="submit">{say('organisation.change')}</button>
        </ActForm>
      ) : (
        <p>
          {say(`news.${organisation.recipientNews}`)}
          <small>{say(`news-what.${organisation.recipientNews}`)}</small>
        </p>
      )}
    </section>
  );
}

function LimitsCard(props: SettingsProps) {
  const { visit, organisation, values } = props;
  const { say, money } = visit.words;
  const { currency, leastMinor, mostMinor, mostBatchMinor, mostDayMinor, mostRows, purposes } = organisation;
  const amounts = { least: leastMinor, most: mostMinor, 'most-batch': mostBatchMinor, 'most-day': mostDayMinor };
  return (
    <section class="card" aria-labelledby="limits">
      <h2 id="limits">{say('organisation.limits')}</h2>
      {isOurAdministrator(props) ? (
        <ActForm visit={visit} action={`${pathOf(props)}/limits`}>
          <LimitFields visit={visit} values={values} />
          <ReasonField visit={visit} id="reason-limits" />
          <button type="submit">{say('organisation.change')}</button>
        </ActForm>
      ) : (
        <dl class="facts">
          {Object.entries(amounts).map(([name, amountMinor]) => (
            <div key={name}>
              <dt>{say(`organisation.field.${name}`)}</dt>
              <dd>{money({ amountMinor, currency })}</dd>
            </div>
          ))}
          <div>
            <dt>{say('organisation.field.most-rows')}</dt>
            <dd>{mostRows}</dd>
          </div>
          <div>
            <dt>{say('organisation.field.purposes')}</dt>
            <dd>
              {purposes
                .split(' ')
                .map((purpose) => say(`purpose.${purpose}`))
                .join(', ')}
            </dd>
          </div>
        </dl>
      )}
    </section>
  );
}

/** What was given is never shown again; a new one takes its place. */
function CredentialCard(props: SettingsProps) {
  const { visit, organisation } = props;
  const { say } = visit.words;
  const { shortCode } = organisation;
  const field = (name: string, maxLength: number, isSecret = false) => (
    <div class="field">
      <label for={name}>{say(`organisation.field.${name}`)}</label>
      <input
        {...{ id: name, name, required: true, maxLength, autocomplete: 'off' }}
        {...(isSecret ? { type: 'password' as const } : {})}
      />
    </div>
  );
  return (
    <section class="card" aria-labelledby="credential">
      <h2 id="credential">{say('organisation.credential')}</h2>
      <p>
        {shortCode === null ? say('organisation.shared-paybill') : say('organisation.own-paybill', { shortCode })}
        {shortCode !== null && <small>{say('organisation.credential-set')}</small>}
      </p>
      {visit.may('administrator') && (
        <div class="acts">
          <Act visit={visit} action={`${pathOf(props)}/credential`} name="credential">
            {field('short-code', 9)}
            {field('initiator', 64)}
            {field('credential', 2_000, true)}
          </Act>
          {shortCode !== null && (
            <Act visit={visit} action={`${pathOf(props)}/credential/drop`} name="credential-drop" />
          )}
        </div>
      )}
    </section>
  );
}
