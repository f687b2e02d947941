import type { Truth } from '../../belief.ts';
import type { CheckInput } from '../../define.ts';
import { judgeHostNamespace } from './host-namespace.ts';

/** Whether it is in the PID namespace of the host. */
export function sharesHostPids(input: CheckInput): Truth {
  const { status } = judgeHostNamespace(input, 'pid', input.declared.pidMode, { message: '' });
  return status === 'unknown' ? undefined : status === 'fail';
}
