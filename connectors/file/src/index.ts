export { fileSink } from './file-sink.ts';
export { fileSource } from './file-source.ts';
export { fileStreamSink } from './file-stream-sink.ts';
export { fileStreamSource } from './file-stream-source.ts';
