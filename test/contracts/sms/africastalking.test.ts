import { recordedAfricasTalking } from './recorded-africas-talking.ts';
import { describeSmsProvider } from './sms-provider.contract.ts';

describeSmsProvider("Africa's Talking through its package, recorded answers", () => recordedAfricasTalking('package'));
describeSmsProvider("Africa's Talking over our port, recorded answers", () => recordedAfricasTalking('port'));
