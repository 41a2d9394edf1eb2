export { ACTION_SPECS, PAYMENT_VARIABLES } from './actions/index.ts';
export type { EndEvent, HopEvent, UssdLog } from './engine/index.ts';
export {
  drawMenu,
  loadMenu,
  type MenuArchive,
  MenuError,
  type MenuLibrary,
  type MenuLibraryDeps,
  type MenuOptions,
  type MenuParts,
  openMenuLibrary,
  type ProvenMenu,
  watchMenus,
} from './menus/index.ts';
export { addUssdRoutes, makeUssdHandlers, type UssdAnswer, type UssdDeps, type UssdHandlers } from './routes.ts';
export type { UssdBiller, UssdDomain } from './ussd-domain.ts';
