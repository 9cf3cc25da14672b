import type { TaskSpec } from '../task/task-spec.ts';
import type { ErrorStage } from './task-errors.ts';

/** The class that works at a stage, by the name that users know. */
export function classAt(stage: ErrorStage, spec: TaskSpec): string {
  switch (stage) {
    case 'KEY_CONVERTER':
      return spec.keyConverter.plugin.className;
    case 'VALUE_CONVERTER':
      return spec.valueConverter.plugin.className;
    case 'HEADER_CONVERTER':
      return spec.headerConverter.plugin.className;
    default:
      return spec.plugin.className;
  }
}
