import type { Faults } from '../../../core/faults';
import type { JsonObject } from '../../../core/json';
import { pathText } from '../../../pipelines/shape/check-shape';
import { BOOLEAN, DOCUMENT, list, map, NUMBER, type Schema, STRING, structure } from '../../../pipelines/shape/schema';
import { shapeOf } from '../../../pipelines/shape/shape';
import { show } from '../../../pipelines/shape/show';
import { violationsOf } from '../../../pipelines/shape/violation';
import { CONDITION_TYPES } from './conditions';

const DEFINITION = structure(
  'PipelineDefinition',
  { Steps: list(DOCUMENT) },
  {
    Parameters: list(structure('Parameter', { Name: STRING, Type: STRING }, { EnumValues: list(STRING) })),
    PipelineExperimentConfig: map(DOCUMENT),
  },
);
const STEP = structure(
  'Step',
  { Name: STRING, Type: STRING, Arguments: map(DOCUMENT) },
  {
    DisplayName: STRING,
    Description: STRING,
    DependsOn: list(STRING),
    CacheConfig: structure('CacheConfig', {}, { Enabled: BOOLEAN, ExpireAfter: STRING }),
    RetryPolicies: list(
      structure(
        'RetryPolicy',
        { ExceptionType: list(STRING) },
        { IntervalSeconds: NUMBER, BackoffRate: NUMBER, MaxAttempts: NUMBER, ExpireAfterMin: NUMBER },
      ),
    ),
    PropertyFiles: list(structure('PropertyFile', { PropertyFileName: STRING, OutputName: STRING, FilePath: STRING })),
  },
);
const BRANCHES = structure(
  'ConditionArguments',
  { Conditions: list(DOCUMENT) },
  { IfSteps: list(DOCUMENT), ElseSteps: list(DOCUMENT) },
);
const COMPARISON = structure('Comparison', { LeftValue: DOCUMENT, RightValue: DOCUMENT });
const FORMS: Readonly<Record<(typeof CONDITION_TYPES)[number], Schema>> = {
  Equals: COMPARISON,
  GreaterThan: COMPARISON,
  GreaterThanOrEqualTo: COMPARISON,
  LessThan: COMPARISON,
  LessThanOrEqualTo: COMPARISON,
  In: structure('In', { QueryValue: DOCUMENT, Values: list(DOCUMENT) }),
  Not: structure('Not', { Condition: DOCUMENT }),
  Or: structure('Or', { Conditions: list(DOCUMENT) }),
};

/** Checks that a definition has the form that everything else relies on. Members that it needn't know are let be. */
export function checkStructure(definition: JsonObject, faults: Faults): void {
  if (!fits(DEFINITION, definition, 'PipelineDefinition', faults)) return;
  checkSteps(definition.Steps, 'Steps', faults);
}

function checkSteps(steps: unknown, where: string, faults: Faults): void {
  for (const [index, step] of ((steps ?? []) as readonly JsonObject[]).entries()) {
    const at = `${where}[${index}]`;
    if (!fits(STEP, step, at, faults) || step.Type !== 'Condition') continue;
    const branches = step.Arguments as JsonObject;
    if (!fits(BRANCHES, branches, `${at}.Arguments`, faults)) continue;
    checkConditions(branches.Conditions, `${at}.Arguments.Conditions`, faults);
    checkSteps(branches.IfSteps, `${at}.Arguments.IfSteps`, faults);
    checkSteps(branches.ElseSteps, `${at}.Arguments.ElseSteps`, faults);
  }
}

function checkConditions(conditions: unknown, where: string, faults: Faults): void {
  for (const [index, condition] of (conditions as readonly JsonObject[]).entries())
    checkCondition(condition, `${where}[${index}]`, faults);
}

function checkCondition(condition: JsonObject, where: string, faults: Faults): void {
  const type = CONDITION_TYPES.find((known) => known === (condition as JsonObject | null)?.Type);
  if (!type) {
    faults.add(where, `Type must be one of ${CONDITION_TYPES.join(', ')}, got ${show(condition)}`, 'choose one');
    return;
  }
  if (!fits(FORMS[type], condition, where, faults)) return;
  if (type === 'Not') checkCondition(condition.Condition as JsonObject, `${where}.Condition`, faults);
  if (type === 'Or') checkConditions(condition.Conditions, `${where}.Conditions`, faults);
}

function fits(schema: Schema, value: unknown, where: string, faults: Faults): boolean {
  const violations = violationsOf(shapeOf(schema), value);
  for (const violation of violations) {
    const at = pathText(where, violation.path);
    if (violation.kind === 'missing') faults.add(at, `must have ${violation.member}, got nothing`, 'add it');
    if (violation.kind === 'type')
      faults.add(at, `must be a ${violation.wanted}, got ${show(violation.value)}`, 'correct it');
  }
  return violations.every(({ kind }) => kind === 'unknown');
}
