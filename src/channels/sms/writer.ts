import type { BillerCatalogue } from '../../domain/billers/index.ts';
import type { MessageKind } from '../../domain/messages/index.ts';
import type { Msisdn } from '../../kernel/index.ts';
import type { Texts, TextValues } from '../../platform/texts/index.ts';
import type { Keywords } from './keywords.ts';
import type { SmsDomain } from './sms-domain.ts';

export interface AnswerDeps {
  domain: SmsDomain;
  billers: BillerCatalogue;
  keywords: Keywords;
  texts: Texts;
  serviceCode: string;
}

/** Who wrote, in which language he is answered, and under which key what he asks for happens once. */
export interface Writer {
  msisdn: Msisdn;
  language: string;
  hasPin: boolean;
  turnKey: string;
  /** Nothing tells his language: that of the organisation which asked him something is nearer. */
  isGuessed: boolean;
}

/** The text `sms.<kind>` with its values. Undefined: what he asked for comes as a message of its own. `language`: where it is not the writer's. */
export type Reply = { kind: MessageKind; values: TextValues; language?: string } | undefined;
