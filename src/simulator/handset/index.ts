export { type HandsetBehaviour, type HandsetDesk, makeHandsetDesk } from './handset-desk.ts';
export { DEFAULT_HANDSET_SETTING, HandsetSetting } from './handset-setting.ts';
export type {
  HandsetEvent,
  MessageView,
  PromptEnd,
  PromptView,
  ScreenBudget,
  SessionEnd,
  SessionView,
} from './handset-view.ts';
