export { answerDial } from './answer-dial.ts';
export { type AnsweredInWords, answerInWords } from './answer-in-words.ts';
export { answerQuestion, type NewAnswer } from './answer-question.ts';
export { answersOfRow, countAnswers } from './find-answers.ts';
export { ANSWER_DAYS, findQuestions, type PayoutQuestion } from './find-questions.ts';
export {
  ANSWERED_BY,
  type AnswerChannel,
  type AnswerWord,
  type PayoutAnswer,
  PayoutAnswerSchema,
} from './payout-answer.ts';
