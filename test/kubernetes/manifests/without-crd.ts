/**
 * Kinds whose definitions no program that is built here brings, and why. Each is held against the published schema of a
 * kept-up package instead. A kind that is neither served nor listed fails the proof.
 */
export const WITHOUT_CRD: Readonly<Record<string, string>> = {
  'flagger.app/v1beta1 Canary': 'Flagger is not built: it is a second controller beside Argo Rollouts',
  'flagger.app/v1beta1 MetricTemplate': 'Flagger is not built: it is a second controller beside Argo Rollouts',
  'keda.sh/v1alpha1 ScaledObject': 'KEDA is not built: it comes with the SDK of every cloud',
  'machinelearning.seldon.io/v1 SeldonDeployment':
    'no package of Seldon has its definition; its pods are like any other',
  'networking.istio.io/v1beta1 VirtualService': 'Istio is not built: a mesh needs a proxy in each pod',
  'serving.kserve.io/v1beta1 InferenceService': "KServe's module can't be had; its pods are proved as pods",
};
