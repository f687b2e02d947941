import type { SomeContract } from '@seatrial/contracts';

const templates = new WeakMap<object, string>();

/** Subject with the names of its key tokens: `seatrial.cmd.v1.isolation.audit-start.{scope}`. Low in cardinality, so it names spans. */
export function templateOf(contract: SomeContract): string {
  let template = templates.get(contract);
  if (template === undefined) {
    const tokens = contract.key?.params.map((param) => `{${param}}`) ?? [];
    templates.set(contract, (template = [contract.subject, ...tokens].join('.')));
  }
  return template;
}
