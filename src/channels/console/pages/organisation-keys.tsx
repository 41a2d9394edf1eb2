import { type ApiKey, KEY_SCOPES, scopesOf } from '../../../domain/organisations/index.ts';
import { Act, Badge, Empty } from './frame.tsx';
import { pathOf, type SettingsProps } from './organisation-settings.ts';

/** By what the organisation's own system acts: made, replaced and withdrawn. */
export function KeysCard(props: SettingsProps) {
  const { visit, keys, now, values } = props;
  const { say } = visit.words;
  return (
    <section class="card" aria-labelledby="keys">
      <h2 id="keys">{say('key.title')}</h2>
      <p class="hint">{say('key.what')}</p>
      {keys.length === 0 && <Empty>{say('key.none')}</Empty>}
      {keys.map((key) => (
        <KeyLine key={key.id} {...props} apiKey={key} isOver={key.endsAtMs !== null && key.endsAtMs <= now} />
      ))}
      {!visit.isHouse && visit.may('administrator') && (
        <Act visit={visit} action={`${pathOf(props)}/keys`} name="key">
          <div class="field">
            <label for="key-name">{say('key.name')}</label>
            <input
              {...{ id: 'key-name', name: 'key-name', value: values['key-name'] ?? '', required: true, minLength: 2 }}
              {...{ maxLength: 80, autocomplete: 'off' }}
            />
          </div>
          <fieldset>
            <legend>{say('key.scopes')}</legend>
            {KEY_SCOPES.map((scope) => (
              <label key={scope} class="check" for={`scope-${scope}`}>
                <input
                  {...{ id: `scope-${scope}`, type: 'checkbox', name: `scope-${scope}`, value: 'yes' }}
                  checked={values[`scope-${scope}`] === 'yes'}
                />
                {scope}
                <small>{say(`key-scope.${scope.replace(':', '-')}`)}</small>
              </label>
            ))}
          </fieldset>
        </Act>
      )}
    </section>
  );
}

function KeyLine(props: SettingsProps & { apiKey: ApiKey; isOver: boolean }) {
  const { visit, apiKey, isOver } = props;
  const { say, time } = visit.words;
  const { id, name, hint, createdAtMs, lastUsedAtMs, endsAtMs } = apiKey;
  const path = `${pathOf(props)}/keys/${id}`;
  return (
    <div class="line">
      <p>
        {name} <code>mlp_{hint}</code>{' '}
        <Badge tone={isOver ? 'quiet' : endsAtMs === null ? 'good' : 'wait'}>
          {isOver || endsAtMs === null
            ? say(isOver ? 'key.ended' : 'key.counts')
            : say('key.ends', { time: time(endsAtMs) })}
        </Badge>
        <small>{scopesOf(apiKey).join(', ')}</small>
        <small>
          {say('key.made', { time: time(createdAtMs) })}{' '}
          {lastUsedAtMs === null ? say('key.unused') : say('key.used', { time: time(lastUsedAtMs) })}
        </small>
      </p>
      {visit.may('administrator') && !isOver && (
        <div class="acts">
          {!visit.isHouse && endsAtMs === null && (
            <Act visit={visit} action={`${path}/rotate`} name="key-rotate" id={`rotate-${id}`} />
          )}
          <Act visit={visit} action={`${path}/withdraw`} name="key-withdraw" id={`withdraw-${id}`} />
        </div>
      )}
    </div>
  );
}
