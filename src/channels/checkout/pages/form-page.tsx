import type { CheckoutBiller } from '../checkout-domain.ts';
import type { BillValues, Faults, Field } from '../read-bill.ts';
import type { Words } from '../words.ts';
import { type Assets, Frame, payAddress } from './frame.tsx';

export interface FormPageProps {
  words: Words;
  assets: Assets;
  supportPhone: string | undefined;
  billers: readonly CheckoutBiller[];
  values: BillValues;
  /** What is wrong, by field, in the visitor's words. */
  faults?: Faults;
  /** What is wrong with none of them. */
  problem?: string;
  /** What is to be known, though nothing is wrong. */
  note?: string;
}

export function FormPage({ words, assets, supportPhone, billers, values, faults = {}, problem, note }: FormPageProps) {
  const { say, language } = words;
  const first = (Object.keys(faults) as Field[]).at(0);
  const isWrong = problem !== undefined || first !== undefined;
  return (
    <Frame
      words={words}
      assets={assets}
      supportPhone={supportPhone}
      title={isWrong ? say('wrong.title') : say('title')}
    >
      <div class="card">
        {isWrong && (
          <div class="note bad" role="alert">
            <p>
              <strong>{problem ?? say('wrong.fields')}</strong>
            </p>
            <p>{say('wrong.nothing-charged')}</p>
          </div>
        )}
        {note && <p class="note">{note}</p>}
        <h1>{say('title')}</h1>
        <p>{say('intro')}</p>
        <form method="post" action={payAddress(language)}>
          <BillerField words={words} billers={billers} value={values.biller} fault={faults.biller} />
          <TextField
            {...{ words, faults, values }}
            name="account"
            hint={say('field.account-hint')}
            required
            autocomplete="off"
            {...(billers.every(hasDigitsOnly) ? { inputmode: 'numeric' as const } : {})}
          />
          <TextField {...{ words, faults, values }} name="amount" hint={say('field.amount-hint')} inputmode="decimal" />
          <TextField
            {...{ words, faults, values }}
            name="phone"
            hint={say('field.phone-hint')}
            required
            type="tel"
            inputmode="tel"
            autocomplete="tel"
          />
          <button type="submit">{say('field.go-on')}</button>
        </form>
      </div>
    </Frame>
  );
}

/** Then a phone shows its keys for digits. */
function hasDigitsOnly({ accountPattern }: CheckoutBiller): boolean {
  return /^\^\(\?:(?:\\d|\[0-9\]|[0-9{},?*+()|:])+\)\$$/.test(accountPattern.source);
}

function BillerField(props: {
  words: Words;
  billers: readonly CheckoutBiller[];
  value: string;
  fault?: string | undefined;
}) {
  const { words, billers, value, fault } = props;
  const chosen = billers.length === 1 ? billers[0]?.id : value;
  return (
    <div class="field">
      <label for="biller">{words.say('field.biller')}</label>
      <Wrong name="biller" fault={fault} />
      <select id="biller" name="biller" required {...describe('biller', undefined, fault)}>
        <option value="">{words.say('field.biller-choose')}</option>
        {billers.map(({ id, name }) => (
          <option key={id} value={id} selected={id === chosen}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TextFieldProps {
  words: Words;
  faults: Faults;
  values: BillValues;
  name: Field;
  hint: string;
  type?: 'tel';
  required?: boolean;
  inputmode?: 'numeric' | 'decimal' | 'tel';
  autocomplete?: string;
}

function TextField({ words, faults, values, name, hint, type, ...attributes }: TextFieldProps) {
  const fault = faults[name];
  const own = {
    ...{ id: name, name, value: values[name], maxLength: 64 },
    ...attributes,
    ...describe(name, `${name}-hint`, fault),
  };
  return (
    <div class="field">
      <label for={name}>{words.say(`field.${name}`)}</label>
      <p class="hint" id={`${name}-hint`}>
        {hint}
      </p>
      <Wrong name={name} fault={fault} />
      {type === 'tel' ? <input type="tel" {...own} /> : <input type="text" {...own} />}
    </div>
  );
}

function Wrong({ name, fault }: { name: Field; fault?: string | undefined }) {
  if (fault === undefined) return null;
  return (
    <p class="wrong" id={`${name}-wrong`}>
      {fault}
    </p>
  );
}

/** A screen reader reads the hint, and what is wrong, with the field. */
function describe(name: Field, hint: string | undefined, fault: string | undefined) {
  const ids = [hint, fault === undefined ? undefined : `${name}-wrong`].filter((id) => id !== undefined);
  return {
    ...(ids.length > 0 ? { 'aria-describedby': ids.join(' ') } : {}),
    ...(fault === undefined ? {} : { 'aria-invalid': 'true' as const }),
  };
}
