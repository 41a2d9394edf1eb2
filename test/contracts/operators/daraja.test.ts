import { describeCollectionOperator } from './collection-operator.contract.ts';
import { describePayoutOperator } from './payout-operator.contract.ts';
import { recordedDaraja } from './recorded-daraja.ts';
import { recordedDarajaPayouts } from './recorded-daraja-payouts.ts';
import { simulatedDaraja } from './simulated-daraja.ts';
import { simulatedDarajaPayouts } from './simulated-daraja-payouts.ts';

describeCollectionOperator('daraja, recorded answers', recordedDaraja);
describeCollectionOperator('daraja, simulator', simulatedDaraja);
describePayoutOperator('daraja, recorded answers', recordedDarajaPayouts);
describePayoutOperator('daraja, simulator', simulatedDarajaPayouts);
