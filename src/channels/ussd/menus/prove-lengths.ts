import type { NetworkName } from '../../../providers/ussd/index.ts';
import type { ActionSpecs } from './action-spec.ts';
import type { CompiledMenu } from './compiled-menu.ts';
import type { LaidOut } from './compiled-screen.ts';
import { INPUT_CHECKS } from './input-checks.ts';
import { type Edge, originsOfActions } from './menu-graph.ts';
import type { ScreenNode } from './menu-schema.ts';
import { ENGINE_TEXTS, refusalText, SYSTEM_ENDS, textsOfNode } from './menu-texts.ts';
import { measure, NETWORKS_TO_PROVE } from './networks.ts';
import type { Variables } from './stored-values.ts';
import { widestDetails, widestVariables } from './widest-values.ts';

/** The fullest page that the proof met, of those that are a screen of their own. */
export interface Fullest {
  screen: string;
  language: string;
  network: NetworkName;
  count: number;
  limit: number;
}

export interface Lengths {
  problems: string[];
  /** Screens made, over languages, networks, widest values and error lines. */
  rendered: number;
  /** Screens that are paged somewhere. */
  paged: string[];
  fullest: Fullest | undefined;
}

/** A line that may stand on top of a screen: a text, and the values that the session does not hold. */
interface ErrorLine {
  textId: string;
  /** Set for a refusal: its action and code. */
  refusal?: { action: string; code: string };
}

interface LengthProof {
  menu: CompiledMenu;
  specs: ActionSpecs;
  edges: readonly Edge[];
  file: string;
  problems: Set<string>;
  paged: Set<string>;
  rendered: number;
  fullest: Fullest | undefined;
}

/** Renders every screen in every language for the limit of every network, with the widest values, under every line it may carry. */
export function proveLengths(menu: CompiledMenu, specs: ActionSpecs, edges: readonly Edge[], file: string): Lengths {
  const proof: LengthProof = {
    ...{ menu, specs, edges, file },
    ...{ problems: new Set<string>(), paged: new Set<string>(), rendered: 0, fullest: undefined },
  };
  const origins = originsOfActions(menu.source, edges);
  for (const [id, node] of Object.entries(menu.source.nodes)) {
    if (!('text' in node)) continue;
    const lines = errorLinesOf(id, node, proof, origins);
    for (const language of menu.texts.languages) {
      for (const network of NETWORKS_TO_PROVE) proveScreen(proof, id, node, lines, language, network);
    }
  }
  for (const id of SYSTEM_ENDS) proveSystemEnd(menu, id, file, proof.problems);
  const { problems, rendered, paged, fullest } = proof;
  return { problems: [...problems], rendered, paged: [...paged].sort(), fullest };
}

function proveScreen(
  proof: LengthProof,
  id: string,
  node: ScreenNode,
  lines: readonly ErrorLine[],
  language: string,
  network: NetworkName,
): void {
  const textIds = [...textsOfNode(node, proof.specs), ...lines.map(({ textId }) => textId)];
  const widest = widestVariables(proof.menu, textIds, language);
  const list = node.kind === 'choices' ? node.list?.from : undefined;
  const sets = list === undefined ? widest : widest.flatMap((set) => [set, { ...set, [list]: [] }]);
  for (const variables of sets) {
    for (const line of [undefined, ...lines]) {
      const error = line && formatLine(proof, line, language, variables);
      const laid = proof.menu.layOut(id, { language, network, variables, error });
      proof.rendered += 1;
      const problem = judge(node, laid, network, error !== undefined);
      const under = line ? ` under ${line.textId}` : '';
      if (problem !== undefined)
        proof.problems.add(`${proof.file}: ${id}: ${language} on ${network}${under}: ${problem}`);
      if (laid.pages.length > 1) proof.paged.add(id);
      else noteFullest(proof, id, language, network, laid.pages[0] ?? '');
    }
  }
}

function noteFullest(proof: LengthProof, screen: string, language: string, network: NetworkName, page: string): void {
  const { count, limit } = measure(page, network);
  const { fullest } = proof;
  if (fullest && count / limit <= fullest.count / fullest.limit) return;
  proof.fullest = { screen, language, network, count, limit };
}

function judge(
  node: ScreenNode,
  { pages, whole, tooLong }: LaidOut,
  network: NetworkName,
  hasError: boolean,
): string | undefined {
  // Whoever confirms must have everything before his eyes; with a refusal on top it may take a second page.
  const split = node.kind === 'confirm' && pages.length > 1 && !hasError;
  const text = tooLong ?? (split ? whole : undefined);
  if (text === undefined) return undefined;
  const { count, limit, encoding } = measure(text, network);
  return `${count} ${unit(encoding)} do not fit ${limit}: ${JSON.stringify(text)}`;
}

const unit = (encoding: 'gsm7' | 'ucs2'): string => (encoding === 'gsm7' ? 'septets' : 'UCS-2 units');

function proveSystemEnd(menu: CompiledMenu, textId: string, file: string, problems: Set<string>): void {
  for (const language of menu.texts.languages) {
    for (const network of NETWORKS_TO_PROVE) {
      for (const variables of widestVariables(menu, [textId], language)) {
        const text = menu.line(textId, language, variables);
        const { count, limit, encoding } = measure(text, network);
        if (count > limit) {
          problems.add(`${file}: ${textId}: ${language} on ${network}: ${count} ${unit(encoding)} do not fit ${limit}`);
        }
      }
    }
  }
}

function errorLinesOf(
  id: string,
  node: ScreenNode,
  { menu, specs, edges }: LengthProof,
  origins: ReadonlyMap<string, ReadonlySet<string>>,
): ErrorLine[] {
  if (node.kind === 'end') return [];
  const lines: ErrorLine[] = edges.flatMap(({ to, error }) =>
    to === id && error !== undefined ? [{ textId: error }] : [],
  );
  if (node.kind === 'input') lines.push({ textId: INPUT_CHECKS[node.check]?.error ?? ENGINE_TEXTS.badChoice });
  else lines.push({ textId: ENGINE_TEXTS.badChoice }, { textId: ENGINE_TEXTS.refused });
  if (id === menu.source.start) lines.push({ textId: ENGINE_TEXTS.menuChanged });
  for (const [actionId, screens] of origins) {
    const action = menu.source.nodes[actionId];
    if (!screens.has(id) || action?.kind !== 'action') continue;
    for (const code of Object.keys(specs[action.run]?.refusals ?? {})) {
      if (code in action.refusals) continue;
      lines.push({ textId: refusalText(code), refusal: { action: action.run, code } });
    }
  }
  return lines;
}

function formatLine(
  { menu, specs }: LengthProof,
  { textId, refusal }: ErrorLine,
  language: string,
  variables: Variables,
): string {
  const details = refusal ? (specs[refusal.action]?.refusals?.[refusal.code] ?? {}) : {};
  return menu.line(textId, language, variables, widestDetails(menu, details, language));
}
