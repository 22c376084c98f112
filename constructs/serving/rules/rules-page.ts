import { RULES_AT_DEPLOY_TIME, SERVICE_RULES } from '../service-rules';
import type { ServiceRule } from './service-rule';

type Row = Omit<ServiceRule, 'breaches'>;

/** The table of all rules, as the page of the guide. */
export function rulesPage(): string {
  const sections = Object.entries(SERVICE_RULES).map(([heading, rules]) => `## ${heading}\n\n${table(rules)}`);
  return `${[HEAD, ...sections, AT_DEPLOY_TIME, table(RULES_AT_DEPLOY_TIME)].join('\n\n')}\n`;
}

const HEAD = `<!-- Made by \`npm run docs:rules\` from constructs/serving/rules/. Change the rules there. -->

# What SageMaker allows, and what it refuses

Each of these would be refused by SageMaker minutes into a deployment, or accepted and then not done. Here it is refused
at synth, with the setting, the value and the way out. Keys that a mode hasn't got are refused with their reason as soon
as \`config/models.ts\` is read.`;

const AT_DEPLOY_TIME = `## Only SageMaker can judge

These depend on what is deployed already, which a template doesn't know. The deployment fails, and the old release goes
on serving.`;

function table(rules: readonly Row[]): string {
  const rows = rules.map(({ id, says, wayOut, source }) => {
    const [page = ''] = source.split('/').slice(-1);
    return `| \`${id}\` | ${says} | ${sentence(wayOut)} | [${page.replace(/\.html.*$/, '')}](${source}) |`;
  });
  return ['| rule | says | instead | source |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
