import { expect, test } from 'vitest';

import { exposedCalls } from './seccomp-profile.ts';

function exposed(profile: unknown): unknown {
  return exposedCalls(JSON.stringify(profile), '/HostConfig/SecurityOpt');
}

test('a rule with capabilities or argument filters is conditional', () => {
  const syscalls = [
    { names: ['read', 'write'], action: 'SCMP_ACT_ALLOW' },
    { names: ['mount', 'setns'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
    { names: ['unshare'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }] },
    { names: ['bpf'], action: 'SCMP_ACT_ALLOW', includes: { minKernel: '5.8' } },
    { name: 'keyctl', action: 'SCMP_ACT_LOG' },
  ];
  expect(exposed({ defaultAction: 'SCMP_ACT_ERRNO', syscalls })).toMatchObject({ value: ['bpf', 'keyctl'] });
});

test('an open default exposes what no rule refuses unconditionally', () => {
  const syscalls = [
    {
      names: [
        'mount',
        'bpf',
        'setns',
        'unshare',
        'keyctl',
        'userfaultfd',
        'perf_event_open',
        'open_by_handle_at',
        'kexec_load',
      ],
      action: 'SCMP_ACT_ERRNO',
    },
    { names: ['init_module'], action: 'SCMP_ACT_ERRNO', args: [{ index: 0, value: 0, op: 'SCMP_CMP_EQ' }] },
  ];
  expect(exposed({ defaultAction: 'SCMP_ACT_ALLOW', syscalls })).toMatchObject({
    value: ['init_module', 'finit_module'],
  });
});

test('a profile that cannot be read is missing, not empty', () => {
  for (const text of [
    '{',
    'null',
    '[]',
    '{}',
    '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":7}',
    'x'.repeat(600_000),
  ]) {
    expect(exposedCalls(text, '/x')).toMatchObject({ missing: 'unsupported' });
  }
});
