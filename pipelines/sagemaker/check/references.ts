import type { Faults } from '../../../core/faults';
import { show } from '../../shape/show';
import type { StepDefinition } from '../definition';
import { EXECUTION_VARIABLES } from '../execution';
import { isExpression, isGet, isJoin } from '../expression-forms';
import type { Expression, JsonGetExpression } from '../ref';
import { isToken } from '../token';
import { addUnknown } from './add-unknown';
import type { DefinitionIndex } from './definition-index';
import { parseGet } from './get-path';
import { propertyKind } from './property-kind';
import { kindOfLiteral, kindOfType, type ValueKind } from './value-kind';

/** One step needs another to have ended. */
export interface Dependency {
  readonly from: string;
  readonly to: string;
  /** Where it says so. */
  readonly where: string;
}

/** Judges references, and remembers which step needs which. */
export class References {
  readonly dependencies: Dependency[] = [];

  constructor(
    private readonly index: DefinitionIndex,
    private readonly faults: Faults,
  ) {}

  /**
   * @param from the step that holds the reference
   * @returns what it gives; `unknown` also if it is faulty, so that one mistake is one fault
   */
  check(expression: Expression, from: string, where: string): ValueKind {
    if (isGet(expression)) return this.checkGet(expression.Get, from, where);
    if (isJoin(expression)) return this.checkJoin(expression['Std:Join'], from, where);
    return this.checkJsonGet(expression['Std:JsonGet'], from, where);
  }

  /** A literal or a reference. @returns undefined, with a fault, if it is neither */
  checkValue(value: unknown, from: string, where: string): ValueKind | undefined {
    if (isExpression(value)) return this.check(value, from, where);
    if (isToken(value)) return 'unknown';
    const kind = kindOfLiteral(value);
    if (kind === undefined)
      this.faults.add(
        where,
        `must be a string, a number, a boolean or a reference, got ${show(value)}`,
        'write one of them',
      );
    return kind;
  }

  dependsOn(name: string, from: string, where: string): void {
    this.target(name, from, where);
  }

  private checkGet(get: unknown, from: string, where: string): ValueKind {
    const path = typeof get === 'string' ? parseGet(get) : undefined;
    if (!path) {
      this.faults.add(
        where,
        `no Get reads this, got ${show(get)}`,
        'begin with Parameters., Execution., PipelineExperimentConfig. or Steps.NAME.',
      );
      return 'unknown';
    }
    switch (path.kind) {
      case 'parameter':
        return this.parameterKind(path.name, where);
      case 'execution':
        return this.oneOf(EXECUTION_VARIABLES, 'execution variable', path.name, where);
      case 'experiment':
        return this.oneOf(['ExperimentName', 'TrialName'], 'member of PipelineExperimentConfig', path.name, where);
      default: {
        const target = this.target(path.step, from, where);
        return target ? propertyKind(target, path.path, where, this.faults) : 'unknown';
      }
    }
  }

  private parameterKind(name: string, where: string): ValueKind {
    const parameter = this.index.parameters.get(name);
    if (!parameter) {
      addUnknown('parameter', name, [...this.index.parameters.keys()], where, 'declare it', this.faults);
      return 'unknown';
    }
    return kindOfType(parameter.Type);
  }

  private oneOf(known: readonly string[], what: string, name: string, where: string): ValueKind {
    if (!known.includes(name)) addUnknown(what, name, known, where, `use one of ${known.join(', ')}`, this.faults);
    return 'string';
  }

  private checkJoin(join: unknown, from: string, where: string): ValueKind {
    const { On, Values } = (join ?? {}) as { On?: unknown; Values?: unknown };
    if (typeof On !== 'string') this.faults.add(`${where}.On`, `must be a string, got ${show(On)}`, 'write a string');
    if (!Array.isArray(Values) || Values.length === 0) {
      this.faults.add(
        `${where}.Values`,
        `must be a list of at least one value, got ${show(Values)}`,
        'add what is joined',
      );
      return 'string';
    }
    for (const [index, value] of Values.entries()) this.checkValue(value, from, `${where}.Values[${index}]`);
    return 'string';
  }

  private checkJsonGet(jsonGet: JsonGetExpression['Std:JsonGet'], from: string, where: string): ValueKind {
    const { PropertyFile, S3Uri, Path } = jsonGet ?? {};
    if (typeof Path !== 'string' || Path === '')
      this.faults.add(
        `${where}.Path`,
        `must be a literal path, got ${show(Path)}`,
        'write one such as metrics.rmse.value',
      );
    if ((PropertyFile === undefined) === (S3Uri === undefined)) {
      const got = PropertyFile === undefined ? 'neither' : 'both';
      this.faults.add(where, `Std:JsonGet reads either a PropertyFile or an S3Uri, got ${got}`, 'give one of the two');
    } else if (PropertyFile === undefined) this.checkValue(S3Uri, from, `${where}.S3Uri`);
    else this.checkPropertyFile(PropertyFile, from, where);
    return 'unknown';
  }

  private checkPropertyFile(PropertyFile: unknown, from: string, where: string): void {
    const get = isExpression(PropertyFile) && isGet(PropertyFile) ? PropertyFile.Get : undefined;
    const path = typeof get === 'string' ? parseGet(get) : undefined;
    const [first, second, ...others] = path?.kind === 'step' ? path.path : [];
    if (
      path?.kind !== 'step' ||
      first?.kind !== 'member' ||
      first.name !== 'PropertyFiles' ||
      second?.kind !== 'member' ||
      others.length > 0
    ) {
      this.faults.add(
        `${where}.PropertyFile`,
        `leads to no property file, got ${show(PropertyFile)}`,
        'write {"Get": "Steps.NAME.PropertyFiles.FILE"}',
      );
      return;
    }
    const target = this.target(path.step, from, where);
    if (!target) return;
    const declared = (target.PropertyFiles ?? []).map(({ PropertyFileName }) => PropertyFileName);
    if (!declared.includes(second.name))
      addUnknown(
        `property file of ${path.step}`,
        second.name,
        declared,
        where,
        'declare it in its PropertyFiles',
        this.faults,
      );
  }

  private target(name: string, from: string, where: string): StepDefinition | undefined {
    const target = this.index.steps.get(name)?.definition;
    if (!target) {
      addUnknown('step', name, [...this.index.steps.keys()], where, 'add it to the pipeline', this.faults);
      return undefined;
    }
    if (target.Type === 'Fail') {
      this.faults.add(
        where,
        `a Fail step ends the execution, so nothing can follow it, got ${name}`,
        'name another step',
      );
      return undefined;
    }
    this.dependencies.push({ from, to: name, where });
    return target;
  }
}
