export type { ActionSpec, ActionSpecs, DetailKind } from './action-spec.ts';
export type { CompiledMenu, MenuOptions } from './compiled-menu.ts';
export type { Picked, ScreenView, ServiceLists } from './compiled-screen.ts';
export { drawMenu } from './draw-menu.ts';
export { INPUT_CHECKS } from './input-checks.ts';
export { MenuError } from './menu-content.ts';
export {
  type MenuArchive,
  type MenuLibrary,
  type MenuLibraryDeps,
  type MenuLog,
  openMenuLibrary,
} from './menu-library.ts';
export type { ActionNode, MenuNode, MenuSource, ScreenNode, Target } from './menu-schema.ts';
export { ENGINE_TEXTS, refusalText, targetError, targetNode } from './menu-texts.ts';
export { measure, NETWORKS } from './networks.ts';
export { loadMenu, type MenuParts, type ProvenMenu } from './prove-menu.ts';
export { shownText } from './shown-values.ts';
export {
  readMoney,
  readOptionalText,
  readText,
  type StoredItem,
  type StoredMoney,
  type StoredScalar,
  type StoredValue,
  storeMoney,
  type Variables,
} from './stored-values.ts';
export { watchMenus } from './watch-menus.ts';
