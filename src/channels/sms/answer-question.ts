import type { SmsCommand } from './parse-command.ts';
import type { SmsQuestion } from './sms-domain.ts';
import type { AnswerDeps, Reply, Writer } from './writer.ts';

/** A name that is longer would make the message two. */
const LONGEST_NAME = 36;
const MOST_LISTED = 4;

const nameOf = ({ organisation }: SmsQuestion) =>
  organisation.length > LONGEST_NAME ? `${organisation.slice(0, LONGEST_NAME - 3).trim()}...` : organisation;

/** Where nothing tells the writer's language, he is answered in that of the question. */
const spoken = ({ language, isGuessed }: Writer, question: SmsQuestion | undefined) =>
  isGuessed && question ? question.language : language;

/**
 * Whether money came, by the word of who was paid. Undefined: a mere 1 or 2 from who was asked nothing. Amounts are not told: whoever
 * holds the phone may not be its owner.
 */
export async function answerQuestion(
  { domain, keywords }: AnswerDeps,
  writer: Writer,
  { answer, reference, language: wordsLanguage }: Extract<SmsCommand, { kind: 'answer' }>,
): Promise<Reply> {
  const { msisdn, turnKey } = writer;
  const answered = await domain.answerQuestion({ msisdn, answer, turnKey, ...(reference ? { reference } : {}) });
  switch (answered.kind) {
    case 'noted': {
      const { question } = answered;
      const language = spoken(writer, question);
      const word = keywords.wordFor(answered.answer === 'yes' ? 'no' : 'yes', language);
      const values = { organisation: nameOf(question), reference: question.reference, word };
      return { kind: answered.answer === 'yes' ? 'reply-came' : 'reply-not-came', values, language };
    }
    case 'which': {
      const [first] = answered.questions;
      const language = spoken(writer, first);
      const references = answered.questions.slice(0, MOST_LISTED).map((one) => one.reference);
      const values = { word: keywords.wordFor(answer, language), references: references.join(', ') };
      return { kind: 'reply-which-payout', values, language };
    }
    case 'not-yours':
      return {
        kind: 'reply-no-payout',
        values: { reference: reference ?? '', word: keywords.wordFor(answer, writer.language) },
      };
    default:
      if (wordsLanguage === undefined) return undefined;
      return { kind: 'reply-no-question', values: { help: keywords.wordFor('help', writer.language) } };
  }
}

/** For words that mean nothing to us, of who was asked something; undefined where nothing waits for his answer. */
export async function howToAnswer({ domain, keywords }: AnswerDeps, writer: Writer): Promise<Reply> {
  const questions = await domain.findQuestions({ msisdn: writer.msisdn });
  const question = questions.find(({ answer }) => answer === null);
  if (!question) return undefined;
  const language = spoken(writer, question);
  const [came, notCame] = [keywords.wordFor('yes', language), keywords.wordFor('no', language)];
  const { reference } = question;
  return { kind: 'reply-how-answer', values: { organisation: nameOf(question), reference, came, notCame }, language };
}
