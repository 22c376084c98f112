import { Duration, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, type IRole, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { PERSONAS, type PersonaName } from '../../config/environment-spec';

const TASKS: Readonly<Record<PersonaName, string>> = {
  'data-scientist': 'reads data, studies runs and models',
  'ml-engineer': 'runs pipelines, looks after models',
  approver: 'says yes or no to a model package, with evidence',
  application: 'asks endpoints for predictions',
  operator: 'watches, and rolls back',
};

/** The people and programs around a model, one role each. They start with no permission: `EnvironmentAccess` has those. */
export class Personas extends Construct {
  /** Longest session of a role, which is also how long a leaked credential lives. */
  static readonly MAX_SESSION = Duration.hours(4);

  private readonly roles: Readonly<Record<PersonaName, Role>>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.roles = byPersona(
      (name) =>
        new Role(this, pascalCase(name), {
          description: `${name}: ${TASKS[name]}`,
          // Who in the account may take the role is the account's decision: federation, or sts:AssumeRole on its ARN.
          assumedBy: new AccountPrincipal(Stack.of(this).account),
          maxSessionDuration: Personas.MAX_SESSION,
        }),
    );
  }

  /** ARNs to assume, by persona. */
  get roleArns(): Readonly<Record<PersonaName, string>> {
    return byPersona((name) => this.roles[name].roleArn);
  }

  /**
   * The roles as seen from below `scope`, in another stack: what is granted to them there is written into that stack's
   * template. Granting to the roles themselves would make their stack refer to every stack that refers to it.
   */
  within(scope: Construct): Readonly<Record<PersonaName, IRole>> {
    return byPersona((name) => Role.fromRoleName(scope, pascalCase(name), this.roles[name].roleName));
  }
}

function byPersona<T>(make: (name: PersonaName) => T): Readonly<Record<PersonaName, T>> {
  return Object.fromEntries(PERSONAS.map((name) => [name, make(name)])) as Record<PersonaName, T>;
}

/** `ml-engineer` to `MlEngineer`: construct ids are PascalCase. */
function pascalCase(name: string): string {
  return name.replace(/(^|-)(\w)/g, (_, _hyphen: string, letter: string) => letter.toUpperCase());
}
