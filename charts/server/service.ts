import type { IService } from 'kubernetes-models/v1';

/** Port of every model's Service, whatever the server listens on. */
export const SERVICE_PORT = 80;

/** A stable address for the pods that have these labels. */
export function service(name: string, selector: Readonly<Record<string, string>>): IService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      type: 'ClusterIP',
      selector: { ...selector },
      ports: [{ name: 'http', port: SERVICE_PORT, targetPort: 'http' }],
    },
  };
}
