import { describeCollectionOperator } from './collection-operator.contract.ts';
import { recordedDaraja } from './recorded-daraja.ts';
import { simulatedDaraja } from './simulated-daraja.ts';

describeCollectionOperator('daraja, recorded answers', recordedDaraja);
describeCollectionOperator('daraja, simulator', simulatedDaraja);
