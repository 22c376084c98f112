const SELDON_2 = 'its definitions are under the Business Source License, and no package has them';

/**
 * Kinds whose definitions no program that is built here brings, and why. Each is held against the published schema of a
 * kept-up package instead. A kind that is neither served nor listed fails the proof.
 */
export const WITHOUT_CRD: Readonly<Record<string, string>> = {
  'keda.sh/v1alpha1 ScaledObject':
    'KEDA is not built: with the SDK of every cloud it takes longer than all other programs but Kubernetes',
  'machinelearning.seldon.io/v1 SeldonDeployment':
    'no package of Seldon has its definition; its pods are like any other',
  'mlops.seldon.io/v1alpha1 Experiment': SELDON_2,
  'mlops.seldon.io/v1alpha1 Model': SELDON_2,
  'mlops.seldon.io/v1alpha1 Server': SELDON_2,
  'networking.istio.io/v1beta1 DestinationRule': 'Istio is not built: a mesh needs a proxy in each pod',
  'networking.istio.io/v1beta1 VirtualService': 'Istio is not built: a mesh needs a proxy in each pod',
  'serving.kserve.io/v1beta1 InferenceService': "KServe's module can't be had; its pods are proved as pods",
};
