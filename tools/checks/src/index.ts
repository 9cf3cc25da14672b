export { checkRepository } from './check-repository.ts';
export { updateGenerated } from './generated.ts';
export { publicPackages, readWorkspace, type WorkspacePackage } from './workspace.ts';
