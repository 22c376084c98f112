/** A condition on an object, as kwok writes it. */
type Match = readonly [key: string, operator: 'Exists' | 'DoesNotExist' | 'In' | 'NotIn', ...values: string[]];

function stage(name: string, kind: 'Node' | 'Pod', matches: readonly Match[], next: object, more: object = {}) {
  const matchExpressions = matches.map(([key, operator, ...values]) => ({
    key,
    operator,
    ...(values.length > 0 ? { values } : {}),
  }));
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, next, ...more },
  };
}

const isReady = '.status.conditions.[] | select( .type == "Ready" ) | .status';

const NODE_STATUS = `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
  message: {{ .message | Quote }}
  reason: {{ .reason | Quote }}
  status: {{ .status | Quote }}
  type: {{ .type | Quote }}
{{ end }}
addresses:
- {type: InternalIP, address: {{ NodeIP | Quote }}}
- {type: Hostname, address: {{ NodeName | Quote }}}
phase: Running
`;

/** Started, and not ready: that is for the tests to say. */
const POD_STATUS = `
{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
podIP: {{ PodIPWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace | Quote }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: Ready, status: "False", lastTransitionTime: {{ $now | Quote }}}
- {type: ContainersReady, status: "False", lastTransitionTime: {{ $now | Quote }}}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  ready: false
  started: false
  restartCount: 0
  state: {running: {startedAt: {{ $now | Quote }}}}
{{ end }}
`;

/** Of the 15 seconds that a pod sleeps before it ends, for what calls it to hear of it. */
const PRE_STOP = { delay: { durationMilliseconds: 5000 } };

/**
 * What kwok does to nodes and pods. Nodes are ready at once; pods run where the scheduler put them, and end a while after
 * they were asked to.
 */
export const STAGES = [
  stage('node-initialize', 'Node', [[isReady, 'NotIn', 'True']], { statusTemplate: NODE_STATUS }),
  stage(
    'pod-start',
    'Pod',
    [
      ['.metadata.deletionTimestamp', 'DoesNotExist'],
      ['.status.phase', 'In', 'Pending'],
    ],
    { statusTemplate: POD_STATUS },
  ),
  stage('pod-delete', 'Pod', [['.metadata.deletionTimestamp', 'Exists']], { delete: true }, PRE_STOP),
] as const;
