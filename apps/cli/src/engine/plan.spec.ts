import { expect, test } from 'vitest';
import { planEngine, type EngineFacts } from './plan.ts';

const debianRoot: EngineFacts = {
  root: true,
  debian: true,
  dockerd: false,
  systemd: true,
  initScript: false,
  local: true,
};

test('root on Debian installs docker.io and starts it', () => {
  expect(planEngine(debianRoot)).toEqual({
    can: true,
    install: true,
    lines: ['apt-get install -y docker.io', 'systemctl start docker'],
  });
});

test('an installed engine is only started', () => {
  expect(planEngine({ ...debianRoot, dockerd: true })).toMatchObject({
    can: true,
    install: false,
    lines: ['systemctl start docker'],
  });
});

test('without systemd the line names the init script', () => {
  expect(planEngine({ ...debianRoot, systemd: false }).lines).toContain('service docker start');
});

test('who is not root gets the two lines to type', () => {
  expect(planEngine({ ...debianRoot, root: false })).toEqual({
    can: false,
    reason: 'that needs root',
    lines: ['sudo apt-get install -y docker.io', 'sudo systemctl start docker'],
  });
});

test('nothing is installed here for an engine elsewhere, nor on a system that is not Debian', () => {
  expect(planEngine({ ...debianRoot, local: false })).toMatchObject({ can: false });
  expect(planEngine({ ...debianRoot, debian: false })).toMatchObject({ can: false });
  expect(planEngine({ ...debianRoot, debian: false, dockerd: true })).toMatchObject({ can: true });
});
