import type { RuntimeName } from '../../config/kubernetes/runtimes';
import { django } from './django';
import { fastapi } from './fastapi';
import { flask } from './flask';
import { mlserver } from './mlserver';
import { onnx } from './onnx';
import { python } from './python';
import type { ServerRuntime } from './server-runtime';
import { tensorflowServing } from './tensorflow-serving';
import { torchserve } from './torchserve';
import { triton } from './triton';

/** Every server that a model can choose. */
export const RUNTIMES: Readonly<Record<RuntimeName, ServerRuntime>> = {
  python,
  onnx,
  fastapi,
  flask,
  django,
  'tensorflow-serving': tensorflowServing,
  torchserve,
  triton,
  mlserver,
};
