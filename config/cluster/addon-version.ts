import { z } from 'zod';

const VERSION = /^v\d+\.\d+\.\d+-eksbuild\.\d+$/;

/** One build of an EKS add-on: without it EKS takes whatever is newest on the day of the deployment. */
export const AddonVersion = z.string().refine((version) => VERSION.test(version), {
  error: 'an add-on is pinned to one build, as in v1.2.3-eksbuild.4',
  params: {
    fix: 'choose one that aws eks describe-addon-versions --kubernetes-version lists for the version of the cluster',
  },
});
