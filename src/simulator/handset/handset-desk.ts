import { DEFAULT_HANDSET_SETTING, type HandsetSetting } from './handset-setting.ts';
import type { HandsetEvent } from './handset-view.ts';

export type HandsetBehaviour = { kind: 'automatic'; setting: HandsetSetting } | { kind: 'person' };

/** All handsets: how each behaves, who watches it, and whether its screen is taken by a USSD session. */
export interface HandsetDesk {
  setSetting(msisdn: string, setting: HandsetSetting | undefined): void;
  settingOf(msisdn: string): HandsetSetting | undefined;
  /** A setting beats an open browser, which beats the default. */
  behaviourOf(msisdn: string): HandsetBehaviour;
  watch(msisdn: string, listener: (event: HandsetEvent) => void): () => void;
  watchers(): number;
  emit(msisdn: string, event: HandsetEvent): void;
  emitToAll(event: HandsetEvent): void;
  /** A prompt cannot be shown while a USSD session is open: `task` runs at once, or when the session has closed. */
  whenFree(msisdn: string, task: () => void): void;
  isFree(msisdn: string): boolean;
  occupy(msisdn: string): void;
  release(msisdn: string): void;
  clear(): void;
}

export function makeHandsetDesk(): HandsetDesk {
  const settings = new Map<string, HandsetSetting>();
  const listeners = new Map<string, Set<(event: HandsetEvent) => void>>();
  const occupied = new Map<string, (() => void)[]>();
  let watching = 0;
  return {
    setSetting(msisdn, setting) {
      if (setting) settings.set(msisdn, setting);
      else settings.delete(msisdn);
    },
    settingOf: (msisdn) => settings.get(msisdn),
    behaviourOf(msisdn) {
      const setting = settings.get(msisdn);
      if (setting) return { kind: 'automatic', setting };
      return listeners.has(msisdn) ? { kind: 'person' } : { kind: 'automatic', setting: DEFAULT_HANDSET_SETTING };
    },
    watch(msisdn, listener) {
      const present = listeners.get(msisdn) ?? new Set();
      listeners.set(msisdn, present.add(listener));
      watching += 1;
      return () => {
        if (!present.delete(listener)) return;
        watching -= 1;
        if (present.size === 0 && listeners.get(msisdn) === present) listeners.delete(msisdn);
      };
    },
    watchers: () => watching,
    emit(msisdn, event) {
      for (const listener of listeners.get(msisdn) ?? []) listener(event);
    },
    emitToAll(event) {
      for (const msisdn of listeners.keys()) this.emit(msisdn, event);
    },
    whenFree(msisdn, task) {
      const queue = occupied.get(msisdn);
      if (queue) queue.push(task);
      else task();
    },
    isFree: (msisdn) => !occupied.has(msisdn),
    occupy(msisdn) {
      if (!occupied.has(msisdn)) occupied.set(msisdn, []);
    },
    release(msisdn) {
      const queue = occupied.get(msisdn) ?? [];
      occupied.delete(msisdn);
      for (const task of queue) task();
    },
    clear() {
      settings.clear();
      occupied.clear();
    },
  };
}
