import { DockerfileParser, type Instruction, JSONInstruction } from 'dockerfile-ast';

const LABELS = ['org.opencontainers.image.revision', 'mlops-stack.data-version'];
const SHELL_OR_JSON = ['RUN', 'CMD', 'ENTRYPOINT'];

/**
 * What keeps an image from being one that a restricted namespace runs, and that an auditor can trace.
 * @returns nothing for a Dockerfile that is in order
 */
export function dockerfileFaults(text: string): readonly string[] {
  const dockerfile = DockerfileParser.parse(text);
  const all = dockerfile.getInstructions();
  const of = (keyword: string) => all.filter((each) => each.getKeyword() === keyword);
  const words = (instruction: Instruction) => instruction.getRawArgumentsContent() ?? '';
  const faults: string[] = [];

  const stages = dockerfile.getFROMs().map((from) => from.getBuildStage());
  for (const from of dockerfile.getFROMs()) {
    const image = from.getImage() ?? '';
    if (image !== '${BASE}' && !stages.includes(image) && !/@sha256:[0-9a-f]{64}$/.test(image)) {
      faults.push(`FROM ${image} is not pinned`);
    }
  }
  const base = dockerfile.getInitialARGs().map(words);
  if (dockerfile.getFROMs().some((from) => from.getImage() === '${BASE}') && !base.includes('BASE')) {
    faults.push(`BASE must have no default, which a tag would be: ${base.join(', ')}`);
  }
  if (of('ADD').length > 0) faults.push('ADD fetches and unpacks: use COPY');
  for (const copy of dockerfile.getCOPYs()) {
    if (/https?:/.test(words(copy))) faults.push(`COPY ${words(copy)} is of the network`);
  }
  const runs = of('RUN').map(words);
  if (!runs.includes('["chmod", "-R", "a+rX", "/opt/program"]')) {
    faults.push('files have the modes of whoever cloned, and the user of the image may not read them: chmod a+rX');
  }
  for (const instruction of all.filter((each) => SHELL_OR_JSON.includes(each.getKeyword()))) {
    if (!(instruction instanceof JSONInstruction) || instruction.getJSONStrings().length === 0) {
      faults.push(`${instruction.getKeyword()} ${words(instruction)} needs a shell`);
    }
  }
  for (const install of of('RUN')
    .map(words)
    .filter((each) => /\bpip3?\b.*\binstall\b/.test(each))) {
    if (!install.includes('--require-hashes')) faults.push(`${install} takes packages of any hash`);
    if (!install.includes('--only-binary=:all:')) faults.push(`${install} runs the packages' own scripts`);
  }
  const user = of('USER').at(-1);
  if (!user || !/^[1-9]\d*:[1-9]\d*$/.test(words(user))) faults.push('the last USER must be two numbers, and not root');
  if (of('ENTRYPOINT').length !== 1) faults.push('there must be one ENTRYPOINT');
  const labels = of('LABEL').map(words).join(' ');
  for (const label of LABELS.filter((each) => !labels.includes(`${each}=`))) faults.push(`there is no label ${label}`);
  if (/:latest\b/.test(text)) faults.push('latest is whatever it is today');
  return faults;
}
