/** Where a client says what it survived. */
export type KafkaLog = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
