import { recordedAfricasTalking } from './recorded-africas-talking.ts';
import { simulatedAfricasTalking } from './simulated-africas-talking.ts';
import { describeSmsProvider } from './sms-provider.contract.ts';

for (const through of ['package', 'port'] as const) {
  describeSmsProvider(`Africa's Talking, ${through}, recorded answers`, () => recordedAfricasTalking(through));
  describeSmsProvider(`Africa's Talking, ${through}, simulator`, () => simulatedAfricasTalking(through), ['wrong-key']);
}
