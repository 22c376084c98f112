/** One object of the Kubernetes API, as it is sent. Interfaces of `kubernetes-models` say what each kind takes. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** Objects by the file that they are written to, in the order in which they are applied. */
export type ObjectsByFile = Readonly<Record<string, readonly KubernetesObject[]>>;
