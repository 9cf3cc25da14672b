export {
  type ChainErrors,
  type ChainLink,
  type ChainStage,
  createTransformChain,
  openTransformChain,
  type StageDecision,
  type TransformChain,
} from './core/transform-chain.ts';
export { type CachedTableOptions, cachedTable } from './lookup/cached-table.ts';
export { fileTableProvider } from './lookup/file-table.ts';
export { MemoryTable, type MemoryTableOptions } from './lookup/memory-table.ts';
export { tableKeyPart } from './lookup/table-key.ts';
