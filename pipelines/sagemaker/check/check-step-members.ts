import type { Faults } from '../../../core/faults';
import { checkShape } from '../../shape/check-shape';
import { BOOLEAN, DOCUMENT, list, NUMBER, type Schema, STRING, structure } from '../../shape/schema';
import { show } from '../../shape/show';
import type { StepDefinition } from '../definition';
import { isExpression } from '../expression-forms';
import { STEP_SHAPES } from '../step-shapes';
import { CACHEABLE, RETRYABLE, type StepType } from '../step-types';
import { isToken } from '../token';
import { checkCache } from './check-cache';
import { checkLeaf } from './check-leaf';
import { checkPropertyFiles } from './check-property-files';
import { checkRetryPolicies } from './check-retry-policies';
import type { References } from './references';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** In characters. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineExecutionStep.html */
const LONGEST_DISPLAY_NAME = 256;
const LONGEST_DESCRIPTION = 3072;

const TYPES: readonly string[] = [...Object.keys(STEP_SHAPES), 'Condition'];

/**
 * Checks everything of a step but its arguments.
 * @returns whether its arguments can be checked
 */
export function checkStepMembers(step: StepDefinition, references: References, faults: Faults): boolean {
  const { Name, Type, DisplayName, Description, DependsOn } = step;
  if (typeof Name !== 'string' || !NAME.test(Name))
    faults.add(show(Name), 'a name is 1 to 64 letters, digits, hyphens and underscores', 'rename the step');
  if (!TYPES.includes(Type)) {
    faults.add(Name, `unknown type of step, got ${show(Type)}`, `use one of ${TYPES.join(', ')}`);
    return false;
  }
  const { required = {}, optional = {} } = (Type === 'Condition' ? undefined : STEP_SHAPES[Type].beside) ?? {};
  const beside = new Set([...Object.keys(required), ...Object.keys(optional)]);
  checkShape(schemaOf(Type), step, Name, faults, {
    accepts: (value, shape, path) => {
      if (path.length === 1 && beside.has(String(path[0])) && isExpression(value)) {
        checkLeaf(value, shape, Name, `${Name}.${path[0]}`, references, faults);
        return true;
      }
      return isToken(value);
    },
  });
  checkLength(`${Name}.DisplayName`, DisplayName, LONGEST_DISPLAY_NAME, faults);
  checkLength(`${Name}.Description`, Description, LONGEST_DESCRIPTION, faults);
  if (Array.isArray(DependsOn))
    for (const [index, name] of DependsOn.entries())
      if (typeof name === 'string') references.dependsOn(name, Name, `${Name}.DependsOn[${index}]`);
  checkCache(step, faults);
  checkRetryPolicies(step, faults);
  checkPropertyFiles(step, faults);
  return typeof step.Arguments === 'object' && step.Arguments !== null;
}

function checkLength(where: string, text: unknown, longest: number, faults: Faults): void {
  if (typeof text === 'string' && !isToken(text) && text.length > longest)
    faults.add(where, `must have at most ${longest} characters, got ${text.length}`, 'shorten it');
}

const SCHEMAS = new Map<StepType, Schema>();

/** The members that a step of this type may have; its arguments are checked elsewhere. */
function schemaOf(type: StepType): Schema {
  const known = SCHEMAS.get(type);
  if (known !== undefined) return known;
  const required: Record<string, Schema> = { Name: STRING, Type: STRING, Arguments: DOCUMENT };
  const optional: Record<string, Schema> = { DisplayName: STRING, Description: STRING, DependsOn: list(STRING) };
  if ((CACHEABLE as readonly StepType[]).includes(type))
    optional.CacheConfig = structure('CacheConfig', { Enabled: BOOLEAN }, { ExpireAfter: STRING });
  if ((RETRYABLE as readonly StepType[]).includes(type)) optional.RetryPolicies = list(RETRY_POLICY);
  if (type === 'Processing') optional.PropertyFiles = list(PROPERTY_FILE);
  const beside = type === 'Condition' ? undefined : STEP_SHAPES[type].beside;
  const schema = structure(`${type}Step`, { ...required, ...beside?.required }, { ...optional, ...beside?.optional });
  SCHEMAS.set(type, schema);
  return schema;
}

const RETRY_POLICY = structure(
  'RetryPolicy',
  { ExceptionType: list(STRING) },
  { IntervalSeconds: NUMBER, BackoffRate: NUMBER, MaxAttempts: NUMBER, ExpireAfterMin: NUMBER },
);
const PROPERTY_FILE = structure('PropertyFile', { PropertyFileName: STRING, OutputName: STRING, FilePath: STRING });
