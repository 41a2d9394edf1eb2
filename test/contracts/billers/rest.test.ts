import { describeBillerConnector } from './biller-connector.contract.ts';
import { recordedRestBiller } from './recorded-rest-biller.ts';
import { simulatedRestBiller } from './simulated-rest-biller.ts';

for (const kind of ['postpaid', 'prepaid'] as const) {
  describeBillerConnector(`REST, recorded answers, ${kind}`, () => recordedRestBiller(kind));
  describeBillerConnector(`REST, simulator, ${kind}`, () => simulatedRestBiller(kind));
}
