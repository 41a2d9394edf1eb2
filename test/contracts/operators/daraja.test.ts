import { describeCollectionOperator } from './collection-operator.contract.ts';
import { recordedDaraja } from './recorded-daraja.ts';

describeCollectionOperator('daraja, recorded answers', recordedDaraja);
