import { isKnown, whyMissing } from '../../facts/fact.ts';
import { defineCheck } from '../define.ts';
import { cite, fail, notApplicable, pass, unknown } from '../outcome.ts';

/** Opting out of the remap of the engine. CIS Docker 1.6.0 5.31; where the engine remaps nobody, nothing can be opted out of: that is no pass. */
export const usernsHostMode = defineCheck({
  id: 'dkr.userns.host_mode',
  title: 'Container opts out of user remapping',
  severity: 'high',
  platform: 'docker',
  why: 'The engine maps root of its containers to a powerless user of the host; this container switches that off for itself.',
  passesWhen: 'UsernsMode is not host. Not applicable where the engine remaps nobody.',
  remedy: 'Remove --userns host.',
  howToTest: "docker inspect -f '{{.HostConfig.UsernsMode}}' CONTAINER is not host.",
  maps: ['CIS Docker 5.31'],
  evaluate({ declared, engine }) {
    const remaps = engine.remapsUsers;
    if (isKnown(remaps) && !remaps.value)
      return notApplicable('The engine remaps no users.', 'declared', [cite('engine', remaps)]);
    const mode = declared.usernsMode;
    if (!isKnown(mode)) return unknown(`its mode is not known (${whyMissing(mode)})`);
    const cites = [cite('declared', mode)];
    if (mode.value !== 'host') return pass('It does not opt out of user remapping.', 'declared', cites);
    return isKnown(remaps)
      ? fail({ message: 'It opts out of the user remapping of the engine.' }, 'declared', cites)
      : unknown('whether the engine remaps users is not known', 'declared', cites);
  },
});
