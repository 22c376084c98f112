import type { Faults } from '../../../core/faults';
import type { StepDefinition } from '../definition';
import { STEP_SHAPES } from '../step-shapes';
import { addUnknown } from './add-unknown';
import { declaresNamed } from './declared-names';
import type { PathPart } from './get-path';
import { propertyShape } from './property-shape';
import { kindOfType, type ValueKind } from './value-kind';

/** Judges what `Steps.NAME` and a path read of a step. @returns `unknown` also if the path is faulty */
export function propertyKind(
  target: StepDefinition,
  path: readonly PathPart[],
  where: string,
  faults: Faults,
): ValueKind {
  const text = `Steps.${target.Name}${path.map(partText).join('')}`;
  const [first] = path;

  function refuse(problem: string, fix: string): ValueKind {
    faults.add(where, `${problem}, got ${text}`, fix);
    return 'unknown';
  }

  if (first === undefined) return refuse(`names no property of ${target.Name}`, 'go on to a single value');
  if (first.kind === 'member' && first.name === 'PropertyFiles')
    return refuse('a property file is no value', 'read it through Std:JsonGet');
  if (target.Type === 'Condition') {
    if (text === `Steps.${target.Name}.Outcome`) return 'boolean';
    return refuse('a condition has an Outcome and nothing else', 'read Outcome');
  }
  if (target.Type === 'Lambda' || target.Type === 'Callback') {
    const [, output] = path;
    if (first.kind === 'member' && first.name === 'OutputParameters' && output?.kind === 'key' && path.length === 2)
      return outputParameterKind(target, output.name, where, faults);
    const fix = `read Steps.${target.Name}.OutputParameters['NAME']`;
    return refuse(`a ${target.Type} step gives its OutputParameters and nothing else`, fix);
  }
  const found = propertyShape(STEP_SHAPES[target.Type]?.properties ?? [], path);
  if (found.problem !== undefined) return refuse(found.problem, found.fix);
  const undeclared = declaresNamed(target, path);
  if (undeclared) addUnknown(undeclared.what, undeclared.name, undeclared.declared, where, 'declare it', faults);
  const { kind } = found.shape;
  if (kind === 'string' || kind === 'number' || kind === 'boolean') return kind;
  if (kind === 'timestamp') return 'string';
  if (kind === 'structure' || kind === 'list' || kind === 'map')
    return refuse(`only single values can be read, not a ${kind}`, 'go on to a single value');
  return 'unknown';
}

function outputParameterKind(target: StepDefinition, name: string, where: string, faults: Faults): ValueKind {
  const outputs = Array.isArray(target.OutputParameters)
    ? (target.OutputParameters as readonly { OutputName?: unknown; OutputType?: unknown }[])
    : [];
  const output = outputs.find(({ OutputName }) => OutputName === name);
  if (output) return kindOfType(String(output.OutputType));
  const names = outputs.map(({ OutputName }) => String(OutputName));
  addUnknown(`output parameter of ${target.Name}`, name, names, where, 'declare it', faults);
  return 'unknown';
}

function partText(part: PathPart): string {
  if (part.kind === 'member') return `.${part.name}`;
  return part.kind === 'index' ? `[${part.index}]` : `['${part.name}']`;
}
