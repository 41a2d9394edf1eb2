export {
  type LineKind,
  READ_TOGETHER,
  type ReadBatch,
  type ReadFault,
  type ReadingEnd,
  type ReadLine,
  type StatementProof,
  type StatementReading,
  StatementRefused,
} from './contract.ts';
