import type { Faults } from '../../../core/faults';
import { nearest } from '../../shape/nearest';
import type { StepDefinition } from '../definition';
import { namesOf } from './declared-names';

/** Whether each property file lies in an output that the step has, under a name of its own. */
export function checkPropertyFiles(step: StepDefinition, faults: Faults): void {
  if (!Array.isArray(step.PropertyFiles)) return;
  const outputs = namesOf(step, ['ProcessingOutputConfig', 'Outputs'], 'OutputName');
  const names = new Set<unknown>();
  for (const [index, { PropertyFileName, OutputName, FilePath }] of step.PropertyFiles.entries()) {
    const where = `${step.Name}.PropertyFiles[${index}]`;
    if (names.has(PropertyFileName))
      faults.add(
        `${where}.PropertyFileName`,
        `the names of property files are unique, got ${PropertyFileName} again`,
        'rename one',
      );
    names.add(PropertyFileName);
    if (typeof PropertyFileName === 'string' && !/^[\w-]+$/.test(PropertyFileName))
      faults.add(
        `${where}.PropertyFileName`,
        `a name is letters, digits, hyphens and underscores, got ${PropertyFileName}`,
        'rename it',
      );
    if (typeof OutputName === 'string' && outputs && !outputs.includes(OutputName)) {
      const meant = nearest(OutputName, outputs);
      faults.add(
        `${where}.OutputName`,
        `the step has no such output, got ${OutputName}`,
        meant === undefined ? 'add it to ProcessingOutputConfig' : `write ${meant}`,
      );
    }
    if (FilePath === '') faults.add(`${where}.FilePath`, 'must name a file, got ""', 'write its path below the output');
  }
}
