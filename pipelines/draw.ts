import { conditionText } from './drawing/condition-text';
import { dependencyOrder, needsOf } from './drawing/dependency-order';
import { messageText } from './drawing/expression-text';
import { fold } from './drawing/fold';
import {
  branchesOf,
  type ParameterDefinition,
  type SageMakerDefinition,
  type StepDefinition,
} from './sagemaker/definition';

/** One step or one remark of the drawing. */
interface Row {
  /** What stands before the text: lines of the tree, and the name of a step. */
  readonly head: string;
  /** What stands before the text's further lines. */
  readonly hang: string;
  /** Only steps have one. */
  readonly type?: string;
  readonly text: string;
}

const INDENT = '  ';
const GAP = '  ';
/** Longer names push their line to the right instead of all lines. */
const WIDEST_NAME = 32;

/**
 * A pipeline for a terminal of 80 columns: the parameters, then the steps, each below those that it waits for, and under
 * a condition its two branches.
 */
export function drawDefinition({ Parameters, Steps }: SageMakerDefinition): string {
  const sections = [['Steps', ...linesOf(dependencyOrder(Steps).flatMap((step) => rowsOf(step, INDENT, INDENT)))]];
  if (Parameters.length > 0) sections.unshift(['Parameters', ...linesOf(Parameters.map(parameterRow))]);
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function parameterRow({ Name, Type, DefaultValue, EnumValues }: ParameterDefinition): Row {
  const value = DefaultValue === undefined ? 'has to be given' : JSON.stringify(DefaultValue);
  const text = EnumValues ? `${value}, one of ${EnumValues.join(', ')}` : value;
  return { head: INDENT + Name, hang: INDENT, type: Type, text };
}

/**
 * @param lead stands before the step's name
 * @param below stands before all that belongs to the step
 */
function rowsOf(step: StepDefinition, lead: string, below: string): Row[] {
  const needs = needsOf(step);
  const text = needs.length > 0 ? `after ${needs.join(', ')}` : '';
  const row: Row = { head: lead + step.Name, hang: below, type: step.Type, text };
  if (step.Type === 'Fail') return [row, remark(below, messageText(step.Arguments.ErrorMessage))];
  return step.Type === 'Condition' ? [row, ...branchRows(step, below)] : [row];
}

function branchRows(step: StepDefinition, below: string): Row[] {
  const { IfSteps, ElseSteps } = branchesOf(step);
  const comparisons = (step.Arguments.Conditions as readonly unknown[]).map((condition, index) => ({
    head: `${below}${index === 0 ? '├─ if  ' : '│  and '}`,
    hang: `${below}│      `,
    text: conditionText(condition),
  }));
  return [
    ...comparisons,
    remark(`${below}├─ `, 'yes'),
    ...heldRows(IfSteps, `${below}│  `),
    remark(`${below}└─ `, 'no'),
    ...heldRows(ElseSteps, `${below}   `),
  ];
}

function heldRows(steps: readonly StepDefinition[], below: string): Row[] {
  if (steps.length === 0) return [remark(`${below}└─ `, 'nothing')];
  return dependencyOrder(steps).flatMap((step, index) =>
    index === steps.length - 1
      ? rowsOf(step, `${below}└─ `, `${below}   `)
      : rowsOf(step, `${below}├─ `, `${below}│  `),
  );
}

function remark(head: string, text: string): Row {
  return { head, hang: head, text };
}

/** Types stand below each other, and so does what follows them. */
function linesOf(rows: readonly Row[]): string[] {
  const named = rows.filter(({ type }) => type !== undefined);
  const nameWidth = Math.min(WIDEST_NAME, Math.max(...named.map(({ head }) => head.length)));
  const typeWidth = Math.max(...named.map(({ type = '' }) => type.length));
  return rows.flatMap(({ head, hang, type, text }) => {
    if (type === undefined) return fold(head, hang, text);
    const start = head.padEnd(nameWidth) + GAP;
    const column = nameWidth + GAP.length + typeWidth + GAP.length;
    return fold(start, hang.padEnd(column), type.padEnd(typeWidth) + GAP + text);
  });
}
