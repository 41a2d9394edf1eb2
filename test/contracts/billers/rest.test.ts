import { describeBillerConnector } from './biller-connector.contract.ts';
import { recordedRestBiller } from './recorded-rest-biller.ts';

describeBillerConnector('REST, recorded answers, postpaid', () => recordedRestBiller('postpaid'));
describeBillerConnector('REST, recorded answers, prepaid', () => recordedRestBiller('prepaid'));
