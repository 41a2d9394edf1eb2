import { invariant, Refusal } from '../../../kernel/index.ts';
import type { TextValue } from '../../../platform/texts/index.ts';
import type { ActionResult } from '../actions/index.ts';
import { type ActionNode, type CompiledMenu, ENGINE_TEXTS, refusalText, shownText } from '../menus/index.ts';
import { canResume } from './dial-record.ts';
import { readKept } from './kept-text.ts';
import { decodeState, type SessionState } from './session-state.ts';
import { show } from './show.ts';
import { countTry, finish, follow, type Step, setVariables } from './step.ts';
import { ask, type Place, type Turn } from './turn.ts';

/** No turn goes on for ever: the proof of a menu finds rings, this finds what it did not. */
const MOST_ACTIONS = 8;

/** Runs an action, and those that it leads to, until there is a screen. */
export async function runFrom(turn: Turn, menu: CompiledMenu, from: Extract<Step, { kind: 'run' }>): Promise<Place> {
  let next: Step = from;
  while (next.kind === 'run') {
    turn.actions += 1;
    invariant(turn.actions <= MOST_ACTIONS, `a turn ran more than ${MOST_ACTIONS} actions`);
    const node = menu.node(next.node);
    if (node?.kind === 'resume') {
      const resumed = await resume(turn, next.state);
      if (resumed) return resumed;
      next = follow(menu, next.state, node.gone);
    } else {
      invariant(node?.kind === 'action', `node ${next.node} cannot be run`);
      next = await runAction(turn, menu, node, next.state, next.secret);
    }
  }
  return { menu, state: next.state };
}

async function runAction(
  turn: Turn,
  menu: CompiledMenu,
  node: ActionNode,
  state: SessionState,
  secret: string,
): Promise<Step> {
  const { deps, hop, sessionKey, turnKey } = turn;
  const action = deps.actions[node.run];
  invariant(action, `unknown action ${node.run}`);
  let result: ActionResult;
  // The customer was told already that nothing was charged: nothing may begin now.
  if (turn.late) throw new Error('the time of the hop was up');
  if (action.confirmed) turn.paying = true;
  try {
    result = await action.run({
      ...{ domain: deps.domain, billers: deps.billers, lookupTimeoutMs: deps.lookupTimeoutMs },
      ...{ msisdn: hop.msisdn, language: state.lang, sessionKey, turnKey },
      ...{ variables: state.vars, params: node.with, secret },
      seal: (what, text) => deps.seal(`${sessionKey}\n${what}\n${text}`),
    });
  } catch (error) {
    if (error instanceof Refusal) {
      turn.paying = false;
      return refuse(turn, menu, node, state, error);
    }
    deps.log.error({ err: error, action: node.run, screen: state.at }, 'an action of the menu failed');
    const text = action.confirmed ? ENGINE_TEXTS.faultWhilePaying : ENGINE_TEXTS.fault;
    return { kind: 'screen', state: finish(state, text) };
  }
  const target = node.on[result.outcome];
  invariant(target !== undefined, `${node.run}: outcome ${result.outcome} is not bound`);
  let after = result.set ? setVariables(state, result.set) : state;
  if (result.language !== undefined) after = { ...after, lang: result.language };
  if (result.paymentId === undefined) return follow(menu, after, target);
  const next = follow(menu, { ...after, payment: result.paymentId }, target);
  // What was confirmed is told from here on, even if the turn cannot be stored.
  if (next.kind === 'screen') turn.made = { ...show(menu, next.state, hop.network), kind: 'end' };
  return next;
}

/** The business said no: where the menu binds the code, or the same screen with the reason on top. */
function refuse({ deps }: Turn, menu: CompiledMenu, node: ActionNode, state: SessionState, refusal: Refusal): Step {
  const target = node.refusals[refusal.code];
  if (target !== undefined) return follow(menu, state, target);
  const details = deps.actions[node.run]?.refusals?.[refusal.code] ?? {};
  const values: Record<string, TextValue> = {};
  for (const [name, value] of Object.entries(refusal.details)) {
    const kind = details[name];
    const widest = typeof kind === 'object' ? kind.widest : undefined;
    const gsmOnly = menu.gsmLanguages.has(state.lang);
    values[name] =
      widest !== undefined && typeof value === 'string' ? shownText(value, widest, gsmOnly) : (value as TextValue);
  }
  let line: string;
  try {
    line = menu.line(refusalText(refusal.code), state.lang, state.vars, values);
  } catch (error) {
    deps.log.error({ err: error, code: refusal.code }, 'a refusal has no words');
    line = menu.line(ENGINE_TEXTS.refused, state.lang, state.vars);
  }
  return { kind: 'screen', state: countTry(menu, state, line) };
}

/** The session that dropped, on its own version of the menu; undefined when it is gone. */
async function resume(turn: Turn, state: SessionState): Promise<Place | undefined> {
  const { deps, hop } = turn;
  if (!state.dropped) return undefined;
  const { session } = await ask(turn, deps.store.read(hop.msisdn, state.dropped.session, ''));
  const old = session && decodeState(readKept(deps.sealing, session.state));
  if (!old) return undefined;
  const menu = deps.menus.held(old.menu) ?? (await ask(turn, deps.menus.fetch(old.menu)));
  if (!menu || !canResume(menu, old)) return undefined;
  const { menu: version, at, back, vars, page } = old;
  return {
    menu,
    state: { ...state, menu: version, at, back, vars, page, tries: undefined, error: undefined, dropped: undefined },
  };
}
