import { isKnown, mapFact, missing, type Fact } from '../../../facts/fact.ts';
import { believe, declaredOnly, isBelief, type Belief, type Ignorance } from '../../belief.ts';
import type { CheckInput } from '../../define.ts';
import { isWildcardRule } from './devices.ts';

/** Whether the device filter lets it open every device of a type. */
export function opensEveryDevice(input: CheckInput): Belief<boolean> | Ignorance {
  const configured = wildcardConfigured(input);
  const said = declaredOnly(configured);
  // A rule that is configured counts even where the list in force was narrowed by hand.
  if (isBelief(said) && said.value) return said;
  return believe(input.document, wildcardInForce(input, configured), configured);
}

function wildcardConfigured({ declared }: CheckInput): Fact<boolean> {
  const rules = mapFact(declared.deviceCgroupRules, (list) => list.some(isWildcardRule));
  if (isKnown(rules) && rules.value) return rules;
  return isKnown(declared.privileged) && !declared.privileged.value ? rules : declared.privileged;
}

/** On cgroup v2 the rules are a program that cannot be read back; what is configured is then all that can be known. */
function wildcardInForce({ effective, engine, declared }: CheckInput, configured: Fact<boolean>): Fact<boolean> {
  const rules = effective.deviceRules;
  if (isKnown(rules)) return mapFact(rules, (list) => list.some(isWildcardRule));
  const version2 = isKnown(engine.cgroupVersion)
    ? engine.cgroupVersion.value === 2
    : isKnown(declared.oomKillDisable) && declared.oomKillDisable.value === null;
  return rules.missing === 'unsupported' && version2 ? configured : missing(rules.missing, rules.detail);
}
